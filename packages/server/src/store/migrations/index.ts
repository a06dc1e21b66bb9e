import { foundation } from './001-foundation.ts';
import { incarnation } from './010-incarnation.ts';
import { restored } from './011-restored.ts';
import { administration } from './020-administration.ts';

/** Step n leads to schema n + 1. A step that was released never changes. */
export const migrations: readonly string[] = [foundation, incarnation, administration, restored];
