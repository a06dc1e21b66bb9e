import type { AttackCase } from './case.ts';

export const wCases: readonly AttackCase[] = [];
