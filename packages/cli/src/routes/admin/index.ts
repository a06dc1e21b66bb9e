import { buildRouteMap, type RouteMap } from '@stricli/core';
import type { CliContext } from '../../context.ts';
import { invitations } from './invitations.ts';
import { policy, policyKey } from './policy.ts';
import { audit, sessions, statistics } from './server.ts';
import { users } from './users.ts';

export const admin: RouteMap<CliContext> = buildRouteMap<string, CliContext>({
  docs: { brief: 'For owners and admins: run the home server' },
  routes: { users, invitations, sessions, policy, 'policy-key': policyKey, audit, statistics },
});
