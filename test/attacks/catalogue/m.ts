import type { AttackCase } from './case.ts';

export const mCases: readonly AttackCase[] = [];
