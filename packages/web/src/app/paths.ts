/** Addresses that are shown without an account; whoever has opened one may look at them, too. */
export function isGatePath(path: string): boolean {
  return GATE.test(path);
}

const GATE = /^\/(?:i\/|welcome$|create$|unlock$|sign-in$|link$|recover$|kit$)/;
