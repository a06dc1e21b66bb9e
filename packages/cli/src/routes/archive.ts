import { buildRouteMap, type RouteMap } from '@stricli/core';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';

export const archive: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'What lies below the newest messages' },
  routes: {
    status: command({
      brief: 'Say how much of the rooms’ past is on this device',
      examples: ['sotto archive status', 'sotto archive status --json | jq .entriesDone'],
      parameters: {},
      load: async () => (await import('../actions/archive.ts')).showArchive,
    }),
    fetch: command({
      brief: 'Fetch everything that is missing, newest rooms first',
      details: 'Can be stopped at any time; the next one goes on where it ended. Other commands fetch a little, too.',
      examples: ['sotto archive fetch'],
      parameters: {},
      load: async () => (await import('../actions/archive.ts')).fetchArchive,
    }),
  },
});
