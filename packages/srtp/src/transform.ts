import { concat, equal } from '@sotto/bytes';
import { CryptoPeerFault, type PacketCiphers } from '@sotto/crypto';
import { SrtpPeerFault } from './fault.ts';
import { RTCP_HEADER_BYTES, viewOf } from './packet.ts';
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
  const tag = (length: number, ...parts: readonly Uint8Array[]): Uint8Array =>
    ciphers.hmac('SHA-1', keys.authKey, ...parts).subarray(0, length);
  const crypt = (body: Uint8Array, position: Position): Uint8Array =>
    ciphers.aesCtr(keys.cipherKey, counterBlock(keys, position), body);
  const check = (expected: Uint8Array, found: Uint8Array): void => {
    if (!equal(expected, found)) throw refused();
  };
  return {
    rtcpTrailerBytes: INDEX_BYTES + RTCP_TAG_BYTES,
    rtcpIndexFromEnd: INDEX_BYTES + RTCP_TAG_BYTES,
    sealRtp(packet, headerBytes, position) {
      const sealed = new Uint8Array(packet.length + tagBytes);
      sealed.set(packet);
      sealed.set(crypt(packet.subarray(headerBytes), position), headerBytes);
      sealed.set(tag(tagBytes, sealed.subarray(0, packet.length), rollovers(position)), packet.length);
      return sealed;
    },
    openRtp(packet, headerBytes, position) {
      const end = packet.length - tagBytes;
      if (end < headerBytes) throw refused();
      check(tag(tagBytes, packet.subarray(0, end), rollovers(position)), packet.subarray(end));
      const opened = packet.slice(0, end);
      opened.set(crypt(packet.subarray(headerBytes, end), position), headerBytes);
      return opened;
    },
    sealRtcp(packet, position) {
      const body = crypt(packet.subarray(RTCP_HEADER_BYTES), position);
      const sealed = concat(packet.subarray(0, RTCP_HEADER_BYTES), body, indexWord(position));
      return concat(sealed, tag(RTCP_TAG_BYTES, sealed));
    },
    openRtcp(packet, position) {
      const end = packet.length - RTCP_TAG_BYTES;
      check(tag(RTCP_TAG_BYTES, packet.subarray(0, end)), packet.subarray(end));
      const body = crypt(packet.subarray(RTCP_HEADER_BYTES, end - INDEX_BYTES), position);
      return concat(packet.subarray(0, RTCP_HEADER_BYTES), body);
    },
  };
}

/** RFC 7714 sections 8 and 9: one cipher for both; the index of RTCP follows the tag. */
function gcmTransform(ciphers: PacketCiphers, { cipherKey, salt }: SessionKeys): Transform {
  const nonceOf = (position: Position): Uint8Array => masked(gcmPosition(position), salt);
  const open = (nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array => {
    try {
      return ciphers.aesGcm.open(cipherKey, { nonce, aad }, sealed);
    } catch (cause) {
      if (cause instanceof CryptoPeerFault) throw refused(cause);
      throw cause;
    }
  };
  return {
    rtcpTrailerBytes: GCM_TAG_BYTES + INDEX_BYTES,
    rtcpIndexFromEnd: INDEX_BYTES,
    sealRtp(packet, headerBytes, position) {
      const header = packet.subarray(0, headerBytes);
      const input = { nonce: nonceOf(position), aad: header };
      return concat(header, ciphers.aesGcm.seal(cipherKey, input, packet.subarray(headerBytes)));
    },
    openRtp(packet, headerBytes, position) {
      const header = packet.subarray(0, headerBytes);
      return concat(header, open(nonceOf(position), header, packet.subarray(headerBytes)));
    },
    sealRtcp(packet, position) {
      const [header, word] = [packet.subarray(0, RTCP_HEADER_BYTES), indexWord(position)];
      const input = { nonce: nonceOf(position), aad: concat(header, word) };
      return concat(header, ciphers.aesGcm.seal(cipherKey, input, packet.subarray(RTCP_HEADER_BYTES)), word);
    },
    openRtcp(packet, position) {
      const [header, word] = [packet.subarray(0, RTCP_HEADER_BYTES), packet.subarray(-INDEX_BYTES)];
      const sealed = packet.subarray(RTCP_HEADER_BYTES, packet.length - INDEX_BYTES);
      return concat(header, open(nonceOf(position), concat(header, word), sealed));
    },
  };
}

/** (salt * 2^16) XOR (source * 2^64) XOR (index * 2^16). */
function counterBlock({ salt }: SessionKeys, { source, index }: Position): Uint8Array {
  const block = new Uint8Array(16);
  writeUint(block, { at: 4, bytes: 4 }, source);
  writeUint(block, { at: 8, bytes: 6 }, index);
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
  writeUint(bytes, { at: 2, bytes: 4 }, source);
  writeUint(bytes, { at: 6, bytes: 6 }, index);
  return bytes;
}

function rollovers({ index }: Position): Uint8Array {
  const bytes = new Uint8Array(4);
  writeUint(bytes, { at: 0, bytes: 4 }, Math.floor(index / WRAP));
  return bytes;
}

/** Big-endian. */
function writeUint(
  block: Uint8Array,
  { at, bytes }: { readonly at: number; readonly bytes: number },
  value: number,
): void {
  for (let [i, rest] = [at + bytes - 1, value]; i >= at; i--) {
    block[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

/** The flag that says "encrypted", and 31 bits. */
function indexWord({ index }: Position): Uint8Array {
  const bytes = new Uint8Array(INDEX_BYTES);
  viewOf(bytes).setUint32(0, (ENCRYPTED | index) >>> 0);
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
