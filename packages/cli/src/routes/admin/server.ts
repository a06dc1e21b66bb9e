import { buildRouteMap, type Command, type RouteMap } from '@stricli/core';
import { command } from '../../command.ts';
import type { CliContext } from '../../context.ts';
import { wholeNumber } from '../parameters.ts';

export type AuditFlags = {
  readonly follow: boolean;
  readonly verify: boolean;
  readonly last: number;
  readonly from?: number;
};

const load = () => import('../../actions/admin/server.ts');

export const sessions: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'Who is connected now' },
  defaultCommand: 'list',
  routes: {
    list: command({
      brief: 'List connections: account, device, since when',
      details: 'Sources are labels that change with every start of the server; network addresses are not shown.',
      examples: ['sotto admin sessions', 'sotto admin sessions list --json'],
      parameters: {},
      load: async () => (await load()).listSessions,
    }),
    end: command<Record<never, never>, [id: number]>({
      brief: 'Cut a connection',
      details: 'Its device may connect again: to keep somebody out, suspend the account.',
      examples: ['sotto admin sessions end 17'],
      parameters: {
        positional: {
          kind: 'tuple',
          parameters: [{ brief: 'Its number in the list', parse: wholeNumber, placeholder: 'ID' }],
        },
      },
      load: async () => (await load()).endSession,
    }),
  },
});

export const audit: Command<CliContext> = command<AuditFlags>({
  brief: 'Read the audit log, verified',
  details:
    'Every read checks the hash chain, the signed head, and that the past is the one this device saw before. --verify reads the whole log.',
  examples: ['sotto admin audit', 'sotto admin audit --follow --json', 'sotto admin audit --verify'],
  parameters: {
    flags: {
      follow: { kind: 'boolean', brief: 'Go on with what comes', default: false, withNegated: false },
      verify: { kind: 'boolean', brief: 'Check the whole log and say so', default: false, withNegated: false },
      last: { kind: 'parsed', parse: wholeNumber, brief: 'How many of the newest', default: '50', placeholder: 'N' },
      from: { kind: 'parsed', parse: wholeNumber, brief: 'From this number on', optional: true, placeholder: 'N' },
    },
  },
  load: async () => (await load()).readAudit,
});

export const statistics: Command<CliContext> = command({
  brief: 'Show sums: accounts, devices, rooms, entries a day, storage',
  examples: ['sotto admin statistics', 'sotto admin statistics --json'],
  parameters: {},
  load: async () => (await load()).showStatistics,
});
