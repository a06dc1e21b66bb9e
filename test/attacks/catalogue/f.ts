import type { AttackCase } from './case.ts';

export const fCases: readonly AttackCase[] = [];
