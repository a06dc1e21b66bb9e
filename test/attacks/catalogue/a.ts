import type { AttackCase } from './case.ts';

export const aCases: readonly AttackCase[] = [];
