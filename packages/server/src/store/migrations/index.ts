import { foundation } from './001-foundation.ts';

/** Step n leads to schema n + 1. A step that was released never changes. */
export const migrations: readonly string[] = [foundation];
