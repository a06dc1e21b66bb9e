import { buildRouteMap, type RouteMap } from '@stricli/core';
import { command } from '../../command.ts';
import type { CliContext } from '../../context.ts';
import { address } from '../parameters.ts';

export const accountRoleNames = ['owner', 'admin', 'user'] as const;
export type AccountRoleName = (typeof accountRoleNames)[number];

const one = { kind: 'tuple', parameters: [address] } as const;
const load = () => import('../../actions/admin/users.ts');

export const users: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'Accounts: list, suspend, resume, delete, give a role' },
  defaultCommand: 'list',
  routes: {
    list: command({
      brief: 'List all accounts with role and state',
      examples: ['sotto admin users', 'sotto admin users list --json'],
      parameters: {},
      load: async () => (await load()).listUsers,
    }),
    show: command<Record<never, never>, [address: string]>({
      brief: 'Show an account and its devices',
      examples: ['sotto admin users show bob@example.org'],
      parameters: { positional: one },
      load: async () => (await load()).showUser,
    }),
    suspend: command<Record<never, never>, [address: string]>({
      brief: 'Keep an account out',
      details:
        'The server ends its sessions at once and lets it in no more. With the policy key on this device (the first owner has it) the policy says so, too: then clients of others stop sealing to it, and rooms remove it.',
      examples: ['sotto admin users suspend bob@example.org'],
      parameters: { positional: one },
      load: async () => (await load()).suspendUser,
    }),
    resume: command<Record<never, never>, [address: string]>({
      brief: 'Let a suspended account in again',
      details: 'Rooms that removed it do not take it back by themselves.',
      examples: ['sotto admin users resume bob@example.org'],
      parameters: { positional: one },
      load: async () => (await load()).resumeUser,
    }),
    delete: command<Record<never, never>, [address: string]>({
      brief: 'End an account for good',
      details: 'Nobody signs in to it again, and its name is never given to anybody else.',
      examples: ['sotto admin users delete bob@example.org --yes'],
      parameters: { positional: one },
      load: async () => (await load()).deleteUser,
    }),
    'set-role': command<Record<never, never>, [address: string, role: AccountRoleName]>({
      brief: 'Make an account owner, admin or user',
      details: 'Nobody gives a role above the own; there is always an owner.',
      examples: ['sotto admin users set-role bob@example.org admin'],
      parameters: {
        positional: {
          kind: 'tuple',
          parameters: [address, { brief: accountRoleNames.join(', '), parse: accountRole, placeholder: 'ROLE' }],
        },
      },
      load: async () => (await load()).setUserRole,
    }),
  },
});

function accountRole(input: string): AccountRoleName {
  const found = accountRoleNames.find((name) => name === input);
  if (found === undefined) throw new SyntaxError(`a role is one of ${accountRoleNames.join(', ')}`);
  return found;
}
