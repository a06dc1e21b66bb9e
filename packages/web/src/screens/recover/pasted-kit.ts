/** What stands in a recovery kit, or in the one line of it that was typed. */
export interface PastedKit {
  readonly key: string;
  /** Origin; null where the kit was not pasted whole. */
  readonly server: string | null;
  /** Fingerprint of the authority, hexadecimal; null where the kit was not pasted whole. */
  readonly ca: string | null;
}

/** Finds key, server and authority in what was pasted; null without a key. */
export function kitOf(text: string): PastedKit | null {
  const key = KEY.exec(text)?.[0] ?? TYPED_KEY.exec(text.trim())?.[0];
  if (key === undefined) return null;
  const server = SERVER.exec(text)?.[0] ?? null;
  const ca = AUTHORITY.exec(text)?.[1]?.replaceAll(' ', '').toLowerCase() ?? null;
  return { key, server, ca };
}

const KEY = /[0-9A-Za-z]{4}(?:-[0-9A-Za-z]{4}){7}/;
/** In any grouping; the checksum finds what is wrong with it. */
const TYPED_KEY = /^[0-9A-Za-z](?:[\s-]*[0-9A-Za-z]){31}$/;
const SERVER = /https?:\/\/[a-z0-9.[\]:-]+/;
const AUTHORITY = /(?:Authority|Zertifizierungsstelle)\s+((?:[0-9a-f] ?){64})/i;
