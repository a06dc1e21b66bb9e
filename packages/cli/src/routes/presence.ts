import { buildRouteMap, type RouteMap } from '@stricli/core';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { address } from './parameters.ts';

const choices = ['online', 'away', 'busy', 'invisible'] as const;
export type ChoiceWord = (typeof choices)[number];

export const presence: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'Who of your contacts is there, and how they see you' },
  routes: {
    set: command<{ readonly lastSeen?: boolean }, [state: ChoiceWord]>({
      brief: 'Choose how contacts see you, on all your devices and from now on',
      details:
        'You are seen while one of your devices is connected. To others, invisible looks like offline. --last-seen lets contacts see when you went; --no-last-seen takes that back.',
      examples: ['sotto presence set busy', 'sotto presence set invisible', 'sotto presence set online --last-seen'],
      parameters: {
        flags: { lastSeen: { kind: 'boolean', brief: 'Let contacts see when you went', optional: true } },
        positional: {
          kind: 'tuple',
          parameters: [{ brief: choices.join(', '), parse: choice, placeholder: 'STATE' }],
        },
      },
      load: async () => (await import('../actions/presence.ts')).setPresence,
    }),
    show: command<Record<never, never>, [address?: string]>({
      brief: 'Show who is there',
      examples: ['sotto presence show', 'sotto presence show bob@example.org --json'],
      parameters: { positional: { kind: 'tuple', parameters: [{ ...address, optional: true }] } },
      load: async () => (await import('../actions/presence.ts')).showPresence,
    }),
  },
});

function choice(input: string): ChoiceWord {
  const found = choices.find((each) => each === input);
  if (found === undefined) throw new SyntaxError(`one of ${choices.join(', ')}`);
  return found;
}
