import { buildRouteMap, type RouteMap } from '@stricli/core';
import { command } from '../../command.ts';
import type { CliContext } from '../../context.ts';
import { smallCount, wholeNumber } from '../parameters.ts';
import { type AccountRoleName, accountRoleNames } from './users.ts';

export type InviteFlags = { readonly count: number; readonly role: AccountRoleName; readonly days: number };

const load = () => import('../../actions/admin/invitations.ts');

export const invitations: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'Invitations: list, make, take back' },
  defaultCommand: 'list',
  routes: {
    list: command({
      brief: 'List invitations with their state',
      details: 'Codes are not known to the server: it keeps hashes.',
      examples: ['sotto admin invitations', 'sotto admin invitations list --json'],
      parameters: {},
      load: async () => (await load()).listInvitations,
    }),
    create: command<InviteFlags>({
      brief: 'Make invitations, one link a line',
      details: 'Each link is good for one account, which gets the role. Nobody invites above the own role.',
      examples: ['sotto admin invitations create --count 5', 'sotto admin invitations create --role admin --days 1'],
      parameters: {
        flags: {
          count: { kind: 'parsed', parse: smallCount, brief: 'How many', default: '1', placeholder: 'N' },
          role: { kind: 'enum', values: accountRoleNames, brief: 'Role of the new account', default: 'user' },
          days: {
            kind: 'parsed',
            parse: days,
            brief: 'Days until it expires, 1 to 90',
            default: '7',
            placeholder: 'N',
          },
        },
      },
      load: async () => (await load()).createInvitations,
    }),
    revoke: command<Record<never, never>, [id: number]>({
      brief: 'Take back one that nobody has used',
      examples: ['sotto admin invitations revoke 12'],
      parameters: {
        positional: {
          kind: 'tuple',
          parameters: [{ brief: 'Its number in the list', parse: wholeNumber, placeholder: 'ID' }],
        },
      },
      load: async () => (await load()).revokeInvitation,
    }),
  },
});

function days(input: string): number {
  const count = wholeNumber(input);
  if (count < 1 || count > 90) throw new SyntaxError('from 1 to 90');
  return count;
}
