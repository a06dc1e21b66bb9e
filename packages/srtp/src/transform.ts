import { concat, equal } from '@sotto/bytes';
import { CryptoPeerFault, type PacketCiphers, type PacketOpening } from '@sotto/crypto';
import { SrtpPeerFault } from './fault.ts';
import { RTCP_HEADER_BYTES } from './packet.ts';
import type { SrtpProfile } from './profile.ts';
import type { SessionKeys } from './session-keys.ts';

/** Where a packet stands in its stream. */
interface Position {
  readonly source: number;
  readonly index: number;
}

/** The ciphers of one profile under one set of session keys; it remembers nothing. */
export interface Transform {
  /** Header in the clear, then what is sealed. */
  sealRtp(packet: Uint8Array, headerBytes: number, position: Position): Uint8Array<ArrayBuffer>;
  /** Throws `packet-refused`. */
  openRtp(packet: Uint8Array, headerBytes: number, position: Position): Uint8Array<ArrayBuffer>;
  sealRtcp(packet: Uint8Array, position: Position): Uint8Array<ArrayBuffer>;
  /** Throws `packet-refused`. */
  openRtcp(packet: Uint8Array, position: Position): Uint8Array<ArrayBuffer>;
  /** Behind the packet's own bytes: the tag, and for RTCP the index, too. */
  readonly rtcpTrailerBytes: number;
  /** Where the word with flag and index begins, counted from the packet's end. */
  readonly rtcpIndexFromEnd: number;
}

export function createTransform(ciphers: PacketCiphers, profile: SrtpProfile, keys: SessionKeys): Transform {
  return profile.mode === 'gcm' ? gcmTransform(ciphers, keys) : counterTransform(ciphers, profile, keys);
}

/** RFC 3711 sections 3.1, 3.4 and 4.1.1: encrypt, then authenticate. */
function counterTransform(ciphers: PacketCiphers, { tagBytes }: SrtpProfile, keys: SessionKeys): Transform {
  const crypt = (body: Uint8Array, position: Position): void =>
    ciphers.aesCtr(keys.cipherKey, counterBlock(keys, position), body);
  const tag = (length: number, ...parts: readonly Uint8Array[]): Uint8Array =>
    ciphers.hmac('SHA-1', keys.authKey, ...parts).slice(0, length);
  const check = (expected: Uint8Array, found: Uint8Array): void => {
    if (!equal(expected, found)) throw refused();
  };
  return {
    rtcpTrailerBytes: INDEX_BYTES + RTCP_TAG_BYTES,
    rtcpIndexFromEnd: INDEX_BYTES + RTCP_TAG_BYTES,
    sealRtp(packet, headerBytes, position) {
      const end = packet.length;
      const sealed = copied(packet, end + tagBytes);
      crypt(sealed.subarray(headerBytes, end), position);
      sealed.set(tag(tagBytes, sealed.subarray(0, end), rollovers(position)), end);
      return sealed;
    },
    openRtp(packet, headerBytes, position) {
      const end = packet.length - tagBytes;
      if (end < headerBytes) throw refused();
      const covered = packet.subarray(0, end);
      check(tag(tagBytes, covered, rollovers(position)), packet.subarray(end));
      const opened = copied(covered, end);
      crypt(opened.subarray(headerBytes), position);
      return opened;
    },
    sealRtcp(packet, position) {
      const end = packet.length + INDEX_BYTES;
      const sealed = copied(packet, end + RTCP_TAG_BYTES);
      crypt(sealed.subarray(RTCP_HEADER_BYTES, packet.length), position);
      sealed.set(indexWord(position), packet.length);
      sealed.set(tag(RTCP_TAG_BYTES, sealed.subarray(0, end)), end);
      return sealed;
    },
    openRtcp(packet, position) {
      const covered = packet.subarray(0, -RTCP_TAG_BYTES);
      check(tag(RTCP_TAG_BYTES, covered), packet.subarray(-RTCP_TAG_BYTES));
      const end = covered.length - INDEX_BYTES;
      const opened = copied(covered.subarray(0, end), end);
      crypt(opened.subarray(RTCP_HEADER_BYTES), position);
      return opened;
    },
  };
}

/** RFC 7714 sections 8 and 9: one cipher for both; the index of RTCP follows the tag. */
function gcmTransform(ciphers: PacketCiphers, { cipherKey, salt }: SessionKeys): Transform {
  const nonceOf = (position: Position): Uint8Array => masked(gcmPosition(position), salt);
  const open = (input: PacketOpening, into: Uint8Array): void => {
    try {
      ciphers.aesGcm.open(cipherKey, input, into);
    } catch (cause) {
      if (cause instanceof CryptoPeerFault) throw refused(cause);
      throw cause;
    }
  };
  return {
    rtcpTrailerBytes: GCM_TAG_BYTES + INDEX_BYTES,
    rtcpIndexFromEnd: INDEX_BYTES,
    sealRtp(packet, headerBytes, position) {
      const aad = packet.subarray(0, headerBytes);
      const sealed = copied(aad, packet.length + GCM_TAG_BYTES);
      const input = { nonce: nonceOf(position), aad, plaintext: packet.subarray(headerBytes) };
      ciphers.aesGcm.seal(cipherKey, input, sealed.subarray(headerBytes));
      return sealed;
    },
    openRtp(packet, headerBytes, position) {
      const end = packet.length - GCM_TAG_BYTES;
      if (end < headerBytes) throw refused();
      const aad = packet.subarray(0, headerBytes);
      const opened = copied(aad, end);
      const input = { nonce: nonceOf(position), aad, sealed: packet.subarray(headerBytes) };
      open(input, opened.subarray(headerBytes));
      return opened;
    },
    sealRtcp(packet, position) {
      const [header, word] = [packet.subarray(0, RTCP_HEADER_BYTES), indexWord(position)];
      const end = packet.length + GCM_TAG_BYTES;
      const sealed = copied(header, end + INDEX_BYTES);
      const plaintext = packet.subarray(RTCP_HEADER_BYTES);
      const input = { nonce: nonceOf(position), aad: concat(header, word), plaintext };
      ciphers.aesGcm.seal(cipherKey, input, sealed.subarray(RTCP_HEADER_BYTES, end));
      sealed.set(word, end);
      return sealed;
    },
    openRtcp(packet, position) {
      const [header, word] = [packet.subarray(0, RTCP_HEADER_BYTES), packet.subarray(-INDEX_BYTES)];
      const opened = copied(header, packet.length - GCM_TAG_BYTES - INDEX_BYTES);
      const sealed = packet.subarray(RTCP_HEADER_BYTES, -INDEX_BYTES);
      open({ nonce: nonceOf(position), aad: concat(header, word), sealed }, opened.subarray(RTCP_HEADER_BYTES));
      return opened;
    },
  };
}

/** In front of as many bytes as make up the length. */
function copied(bytes: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(length);
  copy.set(bytes);
  return copy;
}

/** (salt * 2^16) XOR (source * 2^64) XOR (index * 2^16). */
function counterBlock({ salt }: SessionKeys, { source, index }: Position): Uint8Array {
  const block = new Uint8Array(16);
  writeUint32(block, 4, source);
  writeUint48(block, 8, index);
  return masked(block, salt);
}

/** XOR with the salt, in place. */
function masked(block: Uint8Array, salt: SessionKeys['salt']): Uint8Array {
  return salt.use((bytes) => {
    for (let i = 0; i < bytes.length; i++) block[i] = (block[i] as number) ^ (bytes[i] as number);
    return block;
  });
}

/** RFC 7714 sections 8.1 and 9.1: the 48 bits of RTP's index, or the 31 of RTCP's behind zeros. */
function gcmPosition({ source, index }: Position): Uint8Array {
  const bytes = new Uint8Array(12);
  writeUint32(bytes, 2, source);
  writeUint48(bytes, 6, index);
  return bytes;
}

function rollovers({ index }: Position): Uint8Array {
  const bytes = new Uint8Array(4);
  writeUint32(bytes, 0, Math.floor(index / WRAP));
  return bytes;
}

/** Big-endian, as is the other. */
function writeUint32(block: Uint8Array, at: number, value: number): void {
  block[at] = value >>> 24;
  block[at + 1] = value >>> 16;
  block[at + 2] = value >>> 8;
  block[at + 3] = value;
}

function writeUint48(block: Uint8Array, at: number, value: number): void {
  writeUint32(block, at, Math.floor(value / WRAP));
  block[at + 4] = value >>> 8;
  block[at + 5] = value;
}

/** The flag that says "encrypted", and 31 bits. */
function indexWord({ index }: Position): Uint8Array {
  const bytes = new Uint8Array(INDEX_BYTES);
  writeUint32(bytes, 0, ENCRYPTED | index);
  return bytes;
}

function refused(cause?: unknown): SrtpPeerFault {
  return new SrtpPeerFault('packet-refused', 'a packet is not protected under this key, or was altered', { cause });
}

const WRAP = 65_536;
const INDEX_BYTES = 4;
const RTCP_TAG_BYTES = 10;
const GCM_TAG_BYTES = 16;
const ENCRYPTED = 0x8000_0000;
