import type { AttackCase } from './case.ts';

export const lCases: readonly AttackCase[] = [];
