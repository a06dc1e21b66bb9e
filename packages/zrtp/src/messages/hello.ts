import { concat } from '@sotto/bytes';
import { encodeMessage, malformed, readMessage, text, word } from '../fields.ts';
import { MAX_CHOICES } from '../limits.ts';

/** RFC 6189 section 5.2: what an end is and can do. */
export interface Hello {
  /** `1.10`. */
  readonly version: string;
  readonly client: string;
  /** End of the sender's hash chain. */
  readonly h3: Uint8Array;
  readonly zid: Uint8Array;
  readonly signatureCapable: boolean;
  readonly isMitm: boolean;
  readonly isPassive: boolean;
  readonly choices: Choices;
  /** Under H2, which comes with the Commit. */
  readonly mac: Uint8Array;
}

/** Names of four characters each, the best first; what is mandatory need not be named. */
export interface Choices {
  readonly hashes: readonly string[];
  readonly ciphers: readonly string[];
  readonly authTags: readonly string[];
  readonly agreements: readonly string[];
  readonly sasTypes: readonly string[];
}

export function encodeHello(
  hello: Omit<Hello, 'mac'>,
  mac: (unsigned: Uint8Array) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { version, client, h3, zid, choices } = hello;
  const { hashes, ciphers, authTags, agreements, sasTypes } = choices;
  const lists = [hashes, ciphers, authTags, agreements, sasTypes];
  const flags = (hello.signatureCapable ? 4 : 0) | (hello.isMitm ? 2 : 0) | (hello.isPassive ? 1 : 0);
  const counts = lists.reduce((packed, list, i) => packed | (list.length << (16 - 4 * i)), 0);
  const names = lists.flat().map((name) => text(name, 4));
  const body = [text(version, 4), text(client, 16), h3, zid, word(((flags << 28) | counts) >>> 0), ...names];
  // The length at the front counts the MAC, too.
  const unsigned = encodeMessage('Hello', ...body, new Uint8Array(8)).subarray(0, -8);
  return concat(unsigned, mac(unsigned));
}

export function parseHello(message: Uint8Array): Hello {
  const reader = readMessage('Hello', message);
  const [version, client] = [reader.text(4), reader.label(16)];
  const [h3, zid, packed] = [reader.bytes(32), reader.bytes(12), reader.word()];
  if (packed >>> 31 !== 0) throw malformed();
  const list = (i: number): readonly string[] => {
    const count = (packed >>> (16 - 4 * i)) & 0x0f;
    if (count > MAX_CHOICES) throw malformed();
    return Array.from({ length: count }, () => reader.text(4));
  };
  const choices = { hashes: list(0), ciphers: list(1), authTags: list(2), agreements: list(3), sasTypes: list(4) };
  const mac = reader.bytes(8);
  reader.end();
  const [signatureCapable, isMitm, isPassive] = [30, 29, 28].map((bit) => ((packed >>> bit) & 1) === 1);
  return {
    version,
    client,
    h3,
    zid,
    signatureCapable: signatureCapable === true,
    isMitm: isMitm === true,
    isPassive: isPassive === true,
    choices,
    mac,
  };
}
