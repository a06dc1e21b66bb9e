import { accessWords } from './access.ts';
import { callWords } from './calls.ts';
import { serverWords } from './server.ts';
import { talkWords } from './talk.ts';
import { thingWords } from './things.ts';
import type { FaultWordTable } from './words.ts';

/** Words of its own for every code that a person can meet. */
export const codeWords: FaultWordTable = { ...accessWords, ...callWords, ...serverWords, ...talkWords, ...thingWords };
