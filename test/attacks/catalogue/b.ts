import type { AttackCase } from './case.ts';

export const bCases: readonly AttackCase[] = [];
