import { buildRouteMap, type Command, type RouteMap } from '@stricli/core';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { address, text } from './parameters.ts';

type Simple = 'acceptContact' | 'blockContact' | 'unblockContact' | 'removeContact' | 'showContact';

const fingerprint = {
  kind: 'parsed',
  parse: text,
  brief: '64 hexadecimal digits, or the 60 decimal digits of the business card',
  placeholder: 'F',
} as const;

export const contact: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'Whom you allow to reach you, and whether they are who they say' },
  routes: {
    add: command<{ readonly fingerprint?: string }, [address: string]>({
      brief: 'Ask somebody to be a contact, or accept their request',
      details: 'The answer is the same whether or not the address exists.',
      examples: [
        'sotto contact add bob@example.org',
        'sotto contact add bob@example.org --fingerprint F   # only this identity',
      ],
      parameters: {
        flags: { fingerprint: { ...fingerprint, optional: true } },
        positional: { kind: 'tuple', parameters: [address] },
      },
      load: async () => (await import('../actions/contact.ts')).addContact,
    }),
    accept: simple('acceptContact', 'Accept a request', 'sotto contact accept alice@example.org'),
    block: simple('blockContact', 'Let somebody not reach you any more', 'sotto contact block mallory@example.org'),
    unblock: simple('unblockContact', 'End a block', 'sotto contact unblock mallory@example.org'),
    remove: simple(
      'removeContact',
      'Take a contact off the list, on both sides',
      'sotto contact remove bob@example.org',
    ),
    list: command({
      brief: 'List contacts and requests',
      examples: ['sotto contact list', 'sotto contact list --json'],
      parameters: {},
      load: async () => (await import('../actions/contact-list.ts')).listContacts,
    }),
    show: simple(
      'showContact',
      'Show one contact, and what to compare with them',
      'sotto contact show bob@example.org',
    ),
    verify: command<{ readonly fingerprint?: string; readonly code?: string }, [address: string]>({
      brief: 'Compare what the person tells you by another way',
      details:
        'Once is enough: it covers all devices of the person, now and later. Without a flag it shows words and digits and asks. What does not match ends with exit code 5.',
      examples: ['sotto contact verify bob@example.org', 'sotto contact verify bob@example.org --fingerprint 3f2a...'],
      parameters: {
        flags: {
          fingerprint: { ...fingerprint, brief: `${fingerprint.brief}, or of the two of you`, optional: true },
          code: {
            kind: 'parsed',
            parse: text,
            brief: 'What the QR code on the other screen says',
            placeholder: 'CODE',
            optional: true,
          },
        },
        positional: { kind: 'tuple', parameters: [address] },
      },
      load: async () => (await import('../actions/contact.ts')).verifyContact,
    }),
    note: command<Record<never, never>, [address: string, text: string]>({
      brief: 'Write a note about a contact, encrypted and for yourself alone',
      examples: ["sotto contact note bob@example.org 'Night shift, ward 3'"],
      parameters: {
        positional: { kind: 'tuple', parameters: [address, { brief: 'The note', parse: text, placeholder: 'TEXT' }] },
      },
      load: async () => (await import('../actions/contact.ts')).noteContact,
    }),
  },
});

function simple(action: Simple, brief: string, example: string): Command<CliContext> {
  return command<Record<never, never>, [address: string]>({
    brief,
    examples: [example],
    parameters: { positional: { kind: 'tuple', parameters: [address] } },
    load: async () => (await import('../actions/contact.ts'))[action],
  });
}
