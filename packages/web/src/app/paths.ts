/** Addresses that are shown without an account; whoever has opened one may look at them, too. */
export function isGatePath(path: string): boolean {
  return GATE.test(path);
}

/** Addresses whose end behind the # is content that their screen reads. */
export function isReadBehindHash(path: string): boolean {
  return isGatePath(path) || path === '/card';
}

const GATE = /^\/(?:i\/|welcome$|create$|unlock$|sign-in$|link$|recover$|kit$)/;
