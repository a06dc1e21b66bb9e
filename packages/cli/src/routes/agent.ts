import { buildRouteMap, type RouteMap } from '@stricli/core';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { wholeNumber } from './parameters.ts';

export type StartAgentFlags = {
  readonly foreground: boolean;
  readonly locked: boolean;
  readonly autoLock: number;
};

export const agentRoutes: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'The program that keeps accounts unlocked and up to date in the background' },
  routes: {
    start: command<StartAgentFlags>({
      brief: 'Start the agent and unlock the account in it',
      details:
        'While it runs, commands answer at once, work offline, and ask for no passphrase; what waits in the outbox leaves as soon as the network is back.',
      examples: ['sotto agent start', 'sotto agent start --auto-lock 30', 'sotto agent start --foreground --locked'],
      parameters: {
        flags: {
          foreground: {
            kind: 'boolean',
            brief: 'Stay in this terminal, or under a service manager',
            default: false,
            withNegated: false,
          },
          locked: {
            kind: 'boolean',
            brief: 'Unlock nothing: the first command will',
            default: false,
            withNegated: false,
          },
          autoLock: {
            kind: 'parsed',
            parse: wholeNumber,
            brief: 'Minutes without a command after which it locks; 0 for never',
            default: '60',
            placeholder: 'MIN',
          },
        },
      },
      load: async () => (await import('../actions/agent.ts')).startAgent,
    }),
    stop: command({
      brief: 'Lock its accounts and end the agent',
      examples: ['sotto agent stop'],
      parameters: {},
      load: async () => (await import('../actions/agent.ts')).stopAgent,
    }),
    status: command({
      brief: 'Show what the agent holds, and how far it is',
      examples: ['sotto agent status', 'sotto agent status --json'],
      parameters: {},
      load: async () => (await import('../actions/agent.ts')).showAgent,
    }),
  },
});
