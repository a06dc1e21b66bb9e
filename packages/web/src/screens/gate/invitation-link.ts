/** An invitation link as a page carries it on. The worker reads it again, strictly. */
export interface InvitationLinkParts {
  readonly origin: string;
  readonly code: string;
  /** What stands behind `#`: it proves the server, and never travels to one. */
  readonly hash: string;
}

/** Finds the invitation in what was pasted, which may be a whole mail; null if there is none. */
export function linkOf(text: string): InvitationLinkParts | null {
  const [, origin = '', code = '', hash = ''] = LINK.exec(text) ?? [];
  return origin === '' ? null : { origin, code: code.toUpperCase(), hash };
}

export function linkText({ origin, code, hash }: InvitationLinkParts): string {
  return `${origin}/i/${code}#${hash}`;
}

/** Carried from the invitation to the form behind it: behind `#` alone, so that loading again keeps it. */
export function formatCarried({ code, hash }: Pick<InvitationLinkParts, 'code' | 'hash'>): string {
  return `${code}&${hash}`;
}

export function parseCarried(text: string): InvitationLinkParts | null {
  const [, code = '', hash = ''] = /^([0-9A-Za-z]{26})&(ca=[0-9a-f]{64})$/.exec(text) ?? [];
  return code === '' ? null : { origin: location.origin, code, hash };
}

const LINK = /(https?:\/\/[a-z0-9.[\]:-]+)\/i\/([0-9A-Za-z]{26})#(ca=[0-9a-f]{64})/;
