import type { Target } from '../target.ts';
import { formatParsers } from './samples.ts';

/** What signers sign: sigchains, rosters, contacts. */
export const statement: Target = {
  name: 'statement',
  sources: ['statement', 'roster', 'contact', 'device', 'envelope', 'format'].map(
    (name) => `packages/protocol/src/${name}.ts`,
  ),
  parsers: formatParsers('statement', 'roster statement', 'contact statement', 'envelope', 'signed head'),
};
