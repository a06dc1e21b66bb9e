import { equal } from '@sotto/bytes';
import type { RoomMember } from './room-state.ts';
import type { Role } from './roster.ts';
import { roles } from './roster.ts';

/** True if `left` stands above `right`. */
export function outranks(left: Role, right: Role): boolean {
  return roles.indexOf(left) < roles.indexOf(right);
}

/** Adding, removing, policy, title: admins and owners. */
export function isAdmin(role: Role): boolean {
  return role === 'owner' || role === 'admin';
}

/** Content records: everyone but readers, who write receipts alone. */
export function mayWrite(role: Role): boolean {
  return role !== 'reader';
}

/** A new era: every writer but guests. */
export function mayRotate(role: Role): boolean {
  return role === 'owner' || role === 'admin' || role === 'member';
}

/** Acting on another member: owners on anybody, admins on those below them. */
export function mayActOn(actor: RoomMember, target: RoomMember): boolean {
  if (equal(actor.fingerprint, target.fingerprint)) return false;
  return actor.role === 'owner' || (actor.role === 'admin' && outranks(actor.role, target.role));
}

/** Giving a role: owners any, admins those below their own. */
export function mayGive(actor: RoomMember, role: Role): boolean {
  return actor.role === 'owner' || (actor.role === 'admin' && outranks(actor.role, role));
}
