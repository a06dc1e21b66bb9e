import { pad, unpad } from '@sotto/protocol';
import type { Target } from '../target.ts';
import { formatParsers } from './samples.ts';

/** Records, their bodies and padding, and how they are handed in and out. */
export const record: Target = {
  name: 'record',
  sources: ['record', 'body', 'submission', 'padding', 'file-name', 'file', 'profile'].map(
    (name) => `packages/protocol/src/${name}.ts`,
  ),
  parsers: [
    ...formatParsers('record', 'record body', 'record submission', 'statement submission', 'log entry'),
    {
      name: 'padding',
      shape: 'bytes',
      seeds: [pad(new Uint8Array(300)), pad(new Uint8Array())],
      parse: (input) => pad(unpad(input)),
    },
  ],
};
