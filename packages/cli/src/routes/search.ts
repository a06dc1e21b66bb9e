import type { Command } from '@stricli/core';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { smallCount, text } from './parameters.ts';

export type SearchFlags = {
  readonly room?: string;
  readonly from?: string;
  readonly after?: string;
  readonly limit?: number;
  readonly coverage: boolean;
};

export const search: Command<CliContext> = command<SearchFlags, [text?: string]>({
  brief: 'Find what was said',
  details:
    'All words must occur, each as the beginning of one; "words in quotation marks" as they stand. Case and accents do not matter. The search runs on this device: the server learns nothing of it.',
  examples: [
    'sotto search invoice',
    'sotto search --coverage --json',
    'sotto search \'"ward 3" handover\' --room Nightshift --after 2026-01-31',
  ],
  parameters: {
    flags: {
      room: { kind: 'parsed', parse: text, brief: 'Only in this room', optional: true, placeholder: 'ROOM' },
      from: { kind: 'parsed', parse: text, brief: 'Only by this address', optional: true, placeholder: 'ADDRESS' },
      after: {
        kind: 'parsed',
        parse: text,
        brief: 'Only of this day or later: 2026-01-31, or with a time',
        optional: true,
        placeholder: 'DATE',
      },
      coverage: {
        kind: 'boolean',
        brief: 'Say how much a search covers, and search nothing',
        default: false,
        withNegated: false,
      },
      limit: {
        kind: 'parsed',
        parse: smallCount,
        brief: 'How many, 20 if not given',
        optional: true,
        placeholder: 'N',
      },
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'What to find', parse: text, placeholder: 'TEXT', optional: true }],
    },
  },
  load: async () => (await import('../actions/search.ts')).search,
});
