import { concat, Fault, parseUtf8, utf8 } from '@sotto/bytes';
import { SipUsageFault } from '../fault.ts';
import { MAX_FIELDS, MAX_HEAD_BYTES, MAX_MESSAGE_BYTES } from '../limits.ts';
import { type Cursor, malformed, readList, readWhole } from './cursor.ts';
import { encodeField, type Field, parseFields, valuesOf } from './field.ts';
import { encodeNameAddress, type NameAddress, readNameAddress } from './name-address.ts';
import { readParameters } from './parameter.ts';
import { encodeStartLine, parseStartLine, type StartLine } from './start-line.ts';
import { CALL_ID, DIGITS, TOKEN } from './tokens.ts';
import { encodeVia, readVia, type Via } from './via.ts';

/** A number that counts the requests of a dialog, and the method (RFC 3261 section 20.16). */
export interface CSeq {
  /** Below 2^31. */
  readonly number: number;
  readonly method: string;
}

/** A request or a response (RFC 3261 section 7), with everything that decides where it belongs taken apart. */
export interface Message<Line extends StartLine = StartLine> {
  readonly start: Line;
  /** The last step first; at least one. */
  readonly vias: readonly Via[];
  /** 0 to 255; null where it is missing, as before RFC 3261. */
  readonly maxForwards: number | null;
  readonly from: NameAddress;
  readonly to: NameAddress;
  readonly callId: string;
  readonly cseq: CSeq;
  readonly contacts: readonly NameAddress[];
  readonly routes: readonly NameAddress[];
  readonly recordRoutes: readonly NameAddress[];
  /** As `application/sdp`, in small letters and without parameters; null for none. */
  readonly contentType: string | null;
  /** All other fields, in their order. */
  readonly fields: readonly Field[];
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * Takes one message; what follows it in a datagram is passed over (RFC 3261 section 18.3). Throws `message-malformed`,
 * `uri-malformed` and `version-unsupported`.
 */
export function parseMessage(bytes: Uint8Array): Message {
  const { head, rest } = splitHead(bytes);
  const [startLine = '', ...lines] = head.split('\r\n');
  const fields = parseFields(lines);
  const start = parseStartLine(startLine);
  const cseq = readWhole(one(fields, 'CSeq'), readCseq);
  if (start.kind === 'request' && start.method !== cseq.method) throw malformed('CSeq of another method');
  return {
    start,
    vias: vias(fields),
    maxForwards: maxForwards(fields),
    from: readWhole(one(fields, 'From'), readNameAddress),
    to: readWhole(one(fields, 'To'), readNameAddress),
    callId: readWhole(one(fields, 'Call-ID'), (cursor) => cursor.expect(CALL_ID)),
    cseq,
    contacts: addresses(fields, 'Contact'),
    routes: addresses(fields, 'Route'),
    recordRoutes: addresses(fields, 'Record-Route'),
    contentType: contentType(fields),
    fields: fields.filter(({ name, value }) => !TAKEN_APART.has(name) || isAllContacts(name, value)),
    body: body(fields, rest),
  };
}

/** Throws `not-sendable`. */
export function encodeMessage(message: Message): Uint8Array<ArrayBuffer> {
  const { start, from, to, callId, cseq, contentType: type } = message;
  const named = (name: string, list: readonly NameAddress[]): readonly Field[] =>
    list.map((address) => ({ name, value: encodeNameAddress(address) }));
  const fields: readonly Field[] = [
    ...message.vias.map((via) => ({ name: 'Via', value: encodeVia(via) })),
    ...(message.maxForwards === null ? [] : [{ name: 'Max-Forwards', value: String(message.maxForwards) }]),
    ...named('From', [from]),
    ...named('To', [to]),
    { name: 'Call-ID', value: callId },
    { name: 'CSeq', value: `${cseq.number} ${cseq.method}` },
    ...named('Contact', message.contacts),
    ...named('Route', message.routes),
    ...named('Record-Route', message.recordRoutes),
    ...message.fields,
    ...(type === null ? [] : [{ name: 'Content-Type', value: type }]),
    { name: 'Content-Length', value: String(message.body.length) },
  ];
  const head = `${encodeStartLine(start)}${fields.map(encodeField).join('')}\r\n`;
  const bytes = concat(utf8(head), message.body);
  checkOwn(bytes);
  return bytes;
}

export function isRequest(message: Message): message is Message<Extract<StartLine, { kind: 'request' }>> {
  return message.start.kind === 'request';
}

/** The tokens of all fields of this name, in small letters. Throws `message-malformed`. */
export function tokensOf(message: Message, name: string): readonly string[] {
  const list = valuesOf(message.fields, name);
  if (list === null || list === '') return [];
  return readList(list, (cursor) => cursor.expect(TOKEN).toLowerCase());
}

/** Where the head ends, and its text. */
function splitHead(bytes: Uint8Array): { readonly head: string; readonly rest: Uint8Array<ArrayBuffer> } {
  if (bytes.length > MAX_MESSAGE_BYTES) throw malformed('longer than any message');
  const end = headEnd(bytes);
  if (end === null || end > MAX_HEAD_BYTES) throw malformed('no end of the header fields');
  try {
    const head = parseUtf8(bytes.subarray(0, end));
    // A line ends with both; a character alone would mean different lines to different ends.
    if (/\r(?!\n)|(?<!\r)\n/.test(head)) throw malformed('half a line end');
    return { head, rest: Uint8Array.from(bytes.subarray(end + 4)) };
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'text-malformed') throw malformed('not UTF-8');
    throw cause;
  }
}

/** Where the empty line begins that ends the header fields; null if there is none yet. */
export function headEnd(bytes: Uint8Array): number | null {
  for (let i = 0; i + 3 < bytes.length; i++) {
    const isEnd = bytes[i] === 13 && bytes[i + 1] === 10 && bytes[i + 2] === 13 && bytes[i + 3] === 10;
    if (isEnd) return i;
  }
  return null;
}

function one(fields: readonly Field[], name: string): string {
  const found = fields.find((field) => field.name === name);
  if (found === undefined) throw malformed(`no ${name}`);
  return found.value;
}

/** `1 INVITE`. */
export function readCseq(cursor: Cursor): CSeq {
  const digits = cursor.expect(DIGITS);
  cursor.expect(/[ \t]+/y);
  const method = cursor.expect(TOKEN);
  if (digits.length > 16 || Number(digits) >= 2 ** 31) throw malformed('CSeq of 2^31 or more');
  return { number: Number(digits), method };
}

function vias(fields: readonly Field[]): readonly Via[] {
  const list = fields.filter(({ name }) => name === 'Via').flatMap(({ value }) => readList(value, readVia));
  if (list.length === 0 || list.length > MAX_FIELDS) throw malformed('no Via, or too many');
  return list;
}

function addresses(fields: readonly Field[], wanted: string): readonly NameAddress[] {
  const list = fields
    .filter(({ name, value }) => name === wanted && !isAllContacts(name, value))
    .flatMap(({ value }) => readList(value, readNameAddress));
  if (list.length > MAX_FIELDS) throw malformed('too many addresses');
  return list;
}

function isAllContacts(name: string, value: string): boolean {
  return name === 'Contact' && value === '*';
}

function maxForwards(fields: readonly Field[]): number | null {
  const value = fields.find(({ name }) => name === 'Max-Forwards')?.value;
  if (value === undefined) return null;
  if (!/^[0-9]{1,10}$/.test(value) || Number(value) > 255) throw malformed('Max-Forwards beyond 255');
  return Number(value);
}

function contentType(fields: readonly Field[]): string | null {
  const value = fields.find(({ name }) => name === 'Content-Type')?.value;
  if (value === undefined) return null;
  return readWhole(value, (cursor) => {
    const type = cursor.expect(TOKEN);
    if (!cursor.separator('/')) throw malformed();
    const subtype = cursor.expect(TOKEN);
    readParameters(cursor);
    return `${type}/${subtype}`.toLowerCase();
  });
}

/** As long as Content-Length says, which may not say more than there is. */
function body(fields: readonly Field[], rest: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const value = fields.find(({ name }) => name === 'Content-Length')?.value;
  if (value === undefined) return rest;
  if (!/^[0-9]{1,10}$/.test(value) || Number(value) > rest.length) throw malformed('Content-Length is not true');
  return rest.slice(0, Number(value));
}

/** What we send must be what we would take. */
function checkOwn(bytes: Uint8Array): void {
  try {
    parseMessage(bytes);
  } catch (cause) {
    throw new SipUsageFault('not-sendable', 'no message that we would take', { cause });
  }
}

const TAKEN_APART: ReadonlySet<string> = new Set([
  ...['Via', 'Max-Forwards', 'From', 'To', 'Call-ID', 'CSeq', 'Contact', 'Route', 'Record-Route'],
  ...['Content-Type', 'Content-Length'],
]);
