import type { Command, RouteMap } from '@stricli/core';
import type { CliContext } from '../context.ts';

export type Routes = Readonly<Record<string, Command<CliContext> | RouteMap<CliContext>>>;

/** What a line that begins with `noun` needs: for the most frequent nouns their own branch, which loads faster; else all. */
export async function routesFor(noun: string | undefined): Promise<Routes> {
  const load = noun !== undefined && Object.hasOwn(alone, noun) ? alone[noun] : undefined;
  return load === undefined ? (await import('./index.ts')).routes : { [noun as string]: await load() };
}

const alone: Readonly<Record<string, () => Promise<RouteMap<CliContext>>>> = {
  room: async () => (await import('./room.ts')).roomRoutes,
  contact: async () => (await import('./contact.ts')).contact,
  message: async () => (await import('./message.ts')).message,
  outbox: async () => (await import('./message.ts')).outbox,
  agent: async () => (await import('./agent.ts')).agentRoutes,
};
