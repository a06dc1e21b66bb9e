import type { AttackCase } from './case.ts';

export const dCases: readonly AttackCase[] = [];
