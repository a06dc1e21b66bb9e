import { Fault, parseUtf8, utf8 } from '@sotto/bytes';
import { SipUsageFault, SipWireFault } from '../fault.ts';
import { MAX_DESCRIPTION_BYTES, MAX_DESCRIPTION_LINES, MAX_MEDIA } from '../limits.ts';
import { isHost } from '../syntax/host.ts';

/** A line as it stands: its letter and its value. */
interface Line {
  readonly type: string;
  readonly value: string;
}

/** An `a=` line; the value is null where there is no colon. */
export interface Attribute {
  readonly name: string;
  readonly value: string | null;
}

/** Where media go (RFC 8866 section 5.7); a name is possible, as in Internet mail. */
export interface Connection {
  readonly family: 'IP4' | 'IP6';
  /** An IPv6 address without brackets. */
  readonly address: string;
}

/** RFC 8866 section 5.2. */
export interface Origin extends Connection {
  readonly username: string;
  /** Numbers of any length. */
  readonly sessionId: string;
  readonly version: string;
}

/** An `m=` part (RFC 8866 section 5.14). */
export interface MediaDescription {
  /** `audio`. */
  readonly media: string;
  /** 0 for a medium that is not wanted. */
  readonly port: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly connection: Connection | null;
  readonly attributes: readonly Attribute[];
  /** Lines that are carried and not understood, in the order of the grammar. */
  readonly others: readonly Line[];
}

/** RFC 8866 section 5. */
export interface SessionDescription {
  readonly origin: Origin;
  readonly name: string;
  readonly connection: Connection | null;
  readonly attributes: readonly Attribute[];
  /** `t=` among them. */
  readonly others: readonly Line[];
  readonly media: readonly MediaDescription[];
}

/** Throws `description-malformed`. */
export function parseDescription(bytes: Uint8Array): SessionDescription {
  const lines = parseLines(bytes);
  const starts = lines.flatMap(({ type }, i) => (type === 'm' ? [i] : []));
  if (starts.length > MAX_MEDIA) throw bad('too many media');
  const session = ordered(lines.slice(0, starts[0] ?? lines.length), SESSION);
  if (session[0]?.type !== 'v' || session[0].value !== '0') throw bad('another version');
  if (!session.some(({ type }) => type === 't')) throw bad('no t=');
  return {
    origin: parseOrigin(one(session, 'o')),
    name: one(session, 's'),
    connection: connection(session),
    attributes: attributes(session),
    others: session.filter(({ type }) => !'vosca'.includes(type)),
    media: starts.map((start, i) => parseMedia(ordered(lines.slice(start, starts[i + 1]), MEDIA))),
  };
}

/** Throws `not-sendable`. */
export function encodeDescription(description: SessionDescription): Uint8Array<ArrayBuffer> {
  const { origin, name, media } = description;
  const session: readonly Line[] = [
    { type: 'v', value: '0' },
    {
      type: 'o',
      value: `${origin.username} ${origin.sessionId} ${origin.version} IN ${origin.family} ${origin.address}`,
    },
    { type: 's', value: name },
    ...shared(description),
  ];
  const lines = [...sorted(session, SESSION), ...media.flatMap(mediaLines)];
  const bytes = utf8(lines.map(({ type, value }) => `${type}=${value}\r\n`).join(''));
  checkOwn(bytes);
  return bytes;
}

function parseLines(bytes: Uint8Array): readonly Line[] {
  if (bytes.length > MAX_DESCRIPTION_BYTES) throw bad('too long');
  const lines = decode(bytes).split(/\r?\n/);
  if (lines.pop() !== '') throw bad('the last line has no end');
  if (lines.length > MAX_DESCRIPTION_LINES) throw bad('too many lines');
  return lines.map((line) => {
    const [, type, value] = /^([a-z])=([^\0\r]*)$/.exec(line) ?? [];
    if (type === undefined || value === undefined) throw bad('no line of a description');
    return { type, value };
  });
}

/** Checks that lines stand in their order, and those once that may be there once (RFC 8866 section 9). */
function ordered(lines: readonly Line[], order: string): readonly Line[] {
  let last = -1;
  for (const { type } of lines) {
    const place = rank(type, order);
    if (place < last || place < 0 || (place === last && !REPEATED.includes(type)))
      throw bad('a line where it may not be');
    last = place;
  }
  return lines;
}

/** Repetitions and zone adjustments belong to the times before them. */
function rank(type: string, order: string): number {
  return order.indexOf(type === 'r' || type === 'z' ? 't' : type);
}

function parseOrigin(value: string): Origin {
  const [, username = '', sessionId = '', version = '', family, address = ''] =
    /^(\S+) ([0-9]{1,32}) ([0-9]{1,32}) IN (IP4|IP6) (\S+)$/.exec(value) ?? [];
  return { username, sessionId, version, ...checkConnection(family, address) };
}

function parseMedia(lines: readonly Line[]): MediaDescription {
  const [, media = '', port = '', protocol = '', formats = ''] =
    /^([A-Za-z0-9-]+) ([0-9]{1,5})(?:\/1)? ([A-Za-z0-9/.-]+) (\S+(?: \S+)*)$/.exec(one(lines, 'm')) ?? [];
  if (media === '' || Number(port) > 65_535) throw bad('no m=');
  const others = lines.filter(({ type }) => !'mca'.includes(type));
  const list = formats.split(' ');
  return {
    ...{ media, port: Number(port), protocol, formats: list, connection: connection(lines) },
    ...{ attributes: attributes(lines), others },
  };
}

function connection(lines: readonly Line[]): Connection | null {
  const value = lines.find(({ type }) => type === 'c')?.value;
  if (value === undefined) return null;
  const [, family, address = ''] = /^IN (IP4|IP6) (\S+)$/.exec(value) ?? [];
  return checkConnection(family, address);
}

function checkConnection(family: string | undefined, address: string): Connection {
  const isSound = isHost(address) || isHost(`[${address}]`);
  if ((family !== 'IP4' && family !== 'IP6') || !isSound || address.startsWith('['))
    throw bad('no address, or not of one end');
  return { family, address };
}

function attributes(lines: readonly Line[]): readonly Attribute[] {
  return lines
    .filter(({ type }) => type === 'a')
    .map(({ value: text }) => {
      const colon = text.indexOf(':');
      const [name, value] = colon < 0 ? [text, null] : [text.slice(0, colon), text.slice(colon + 1)];
      if (!/^[!#$%&'*+.0-9A-Z^_`a-z{|}~-]+$/.test(name)) throw bad('no attribute');
      return { name, value };
    });
}

function one(lines: readonly Line[], wanted: string): string {
  const found = lines.find(({ type }) => type === wanted);
  if (found === undefined) throw bad(`no ${wanted}=`);
  return found.value;
}

function mediaLines(media: MediaDescription): readonly Line[] {
  const value = `${media.media} ${media.port} ${media.protocol} ${media.formats.join(' ')}`;
  return sorted([{ type: 'm', value }, ...shared(media)], MEDIA);
}

function shared(part: SessionDescription | MediaDescription): readonly Line[] {
  const { connection: where, attributes: list, others } = part;
  return [
    ...(where === null ? [] : [{ type: 'c', value: `IN ${where.family} ${where.address}` }]),
    ...others,
    ...list.map(({ name, value }) => ({ type: 'a', value: value === null ? name : `${name}:${value}` })),
  ];
}

function sorted(lines: readonly Line[], order: string): readonly Line[] {
  return lines.toSorted((left, right) => rank(left.type, order) - rank(right.type, order));
}

function decode(bytes: Uint8Array): string {
  try {
    return parseUtf8(bytes);
  } catch (cause) {
    if (cause instanceof Fault) throw bad('not UTF-8', cause);
    throw cause;
  }
}

/** What we send must be what we would take. */
function checkOwn(bytes: Uint8Array): void {
  try {
    parseDescription(bytes);
  } catch (cause) {
    throw new SipUsageFault('not-sendable', 'no description that we would take', { cause });
  }
}

function bad(message: string, cause?: Fault): SipWireFault {
  return new SipWireFault('description-malformed', message, { cause });
}

const SESSION = 'vosiuepcbtka';
const MEDIA = 'micbka';
const REPEATED = 'epbtrza';
