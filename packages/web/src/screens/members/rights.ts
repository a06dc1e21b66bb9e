import type { MemberView } from '@sotto/keybox';

export type Role = MemberView['role'];

/** From the highest down. What a screen offers by it the keybox, and every other member's, judges again. */
export const roles: readonly Role[] = ['owner', 'admin', 'member', 'guest', 'reader'];

export function isAdmin(role: Role): boolean {
  return role === 'owner' || role === 'admin';
}

/** Roles that somebody may give. */
export function rolesToGive(giver: Role): readonly Role[] {
  if (giver === 'owner') return roles;
  return giver === 'admin' ? roles.slice(roles.indexOf('admin') + 1) : [];
}

/** Whether somebody may remove another, or give them another role. */
export function mayActOn(actor: Role, target: Role): boolean {
  return actor === 'owner' || (actor === 'admin' && roles.indexOf(target) > roles.indexOf('admin'));
}

export function mayRotate(role: Role): boolean {
  return isAdmin(role) || role === 'member';
}
