import { buildRouteMap, type RouteMap } from '@stricli/core';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { address } from './parameters.ts';

export const transparency: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: "The home server's log of everybody's keys, the same for everybody" },
  routes: {
    show: command({
      brief: 'Show the newest checkpoint of the log that this device verified',
      details:
        'Whoever sees the same size must see the same root: read it to each other by another way than the server. Clients compare it by themselves with every new key of a room.',
      examples: ['sotto transparency show', 'sotto transparency show --json | jq -r .root'],
      parameters: {},
      load: async () => (await import('../actions/transparency.ts')).showLog,
    }),
    check: command<Record<never, never>, [address: string]>({
      brief: 'Look up what the log says of a contact, or of this account',
      details: 'Keys other than those that the person signed end with the code split-view.',
      examples: ['sotto transparency check bob@example.org'],
      parameters: { positional: { kind: 'tuple', parameters: [address] } },
      load: async () => (await import('../actions/transparency.ts')).checkLog,
    }),
  },
});
