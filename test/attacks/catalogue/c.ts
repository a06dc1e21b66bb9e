import type { AttackCase } from './case.ts';

export const cCases: readonly AttackCase[] = [];
