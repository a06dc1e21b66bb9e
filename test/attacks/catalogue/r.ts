import type { AttackCase } from './case.ts';

export const rCases: readonly AttackCase[] = [];
