import type { Command } from '@stricli/core';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { text } from './parameters.ts';

const id = { brief: 'Id, or first 8 or more digits of it', parse: text, placeholder: 'ID' } as const;

/** Commands of `key` about keys that members ask each other for. */
export const keyRequestRoutes: Readonly<Record<'requests' | 'approve' | 'deny', Command<CliContext>>> = {
  requests: command({
    brief: 'List the keys that members ask for',
    details: 'A member whose key of an era did not open asks the others. Own devices are answered without a question.',
    examples: ['sotto key requests'],
    parameters: {},
    load: async () => (await import('../actions/key-requests.ts')).listRequests,
  }),
  approve: command<Record<never, never>, [id: string]>({
    brief: 'Give a member the keys that they ask for',
    details: 'Only to an active device of a member, and only keys of times that the member may read.',
    examples: ['sotto key approve 5f2c81aa'],
    parameters: { positional: { kind: 'tuple', parameters: [id] } },
    load: async () => (await import('../actions/key-requests.ts')).approveRequest,
  }),
  deny: command<Record<never, never>, [id: string]>({
    brief: 'Give nothing to a member who asks',
    examples: ['sotto key deny 5f2c81aa'],
    parameters: { positional: { kind: 'tuple', parameters: [id] } },
    load: async () => (await import('../actions/key-requests.ts')).denyRequest,
  }),
};
