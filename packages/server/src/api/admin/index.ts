import type { Handlers } from '../../handler.ts';
import { read as readAudit } from './audit/read.ts';
import { create as createInvitations } from './invitations/create.ts';
import { list as listInvitations } from './invitations/list.ts';
import { revoke as revokeInvitation } from './invitations/revoke.ts';
import { history } from './policy/history.ts';
import { publish } from './policy/publish.ts';
import { end as endSession } from './sessions/end.ts';
import { list as listSessions } from './sessions/list.ts';
import { statistics } from './statistics.ts';
import { remove as deleteUser } from './users/delete.ts';
import { list as listUsers } from './users/list.ts';
import { resume as resumeUser } from './users/resume.ts';
import { setRole } from './users/set-role.ts';
import { show as showUser } from './users/show.ts';
import { suspend as suspendUser } from './users/suspend.ts';

/** The operations for owners and admins. */
export const administration: Pick<Handlers, Extract<keyof Handlers, `admin.${string}`>> = {
  'admin.users.list': listUsers,
  'admin.users.show': showUser,
  'admin.users.suspend': suspendUser,
  'admin.users.resume': resumeUser,
  'admin.users.delete': deleteUser,
  'admin.users.set-role': setRole,
  'admin.invitations.list': listInvitations,
  'admin.invitations.create': createInvitations,
  'admin.invitations.revoke': revokeInvitation,
  'admin.sessions.list': listSessions,
  'admin.sessions.end': endSession,
  'admin.policy.publish': publish,
  'admin.policy.history': history,
  'admin.audit.read': readAudit,
  'admin.statistics': statistics,
};
