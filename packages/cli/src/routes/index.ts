import type { Command, RouteMap } from '@stricli/core';
import type { CliContext } from '../context.ts';
import { account, invitation } from './account.ts';
import { admin } from './admin/index.ts';
import { agentRoutes } from './agent.ts';
import { archive } from './archive.ts';
import { call } from './call.ts';
import { contact } from './contact.ts';
import { device } from './device.ts';
import { file } from './file.ts';
import { message, outbox } from './message.ts';
import { presence } from './presence.ts';
import { roomRoutes } from './room.ts';
import { search } from './search.ts';
import { complete, completion, schema } from './shell.ts';
import { transparency } from './transparency.ts';
import { audit, container, key, log, vault } from './vault.ts';

/** Every command by its noun. */
export const routes: Readonly<Record<string, Command<CliContext> | RouteMap<CliContext>>> = {
  account,
  invitation,
  contact,
  call,
  device,
  room: roomRoutes,
  message,
  outbox,
  search,
  presence,
  file,
  archive,
  container,
  key,
  vault,
  log,
  audit,
  transparency,
  admin,
  agent: agentRoutes,
  schema,
  completion,
  complete,
};
