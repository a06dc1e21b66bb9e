import type { AttackCase } from './case.ts';

export const kCases: readonly AttackCase[] = [];
