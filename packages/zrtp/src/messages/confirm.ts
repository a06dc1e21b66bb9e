import { encodeMessage, FieldReader, malformed, readMessage, word } from '../fields.ts';

/** RFC 6189 section 5.7, as it travels. */
export interface SealedConfirm {
  /** 8 bytes, over what is encrypted. */
  readonly mac: Uint8Array;
  /** Of CFB: 16 bytes. */
  readonly iv: Uint8Array;
  readonly encrypted: Uint8Array;
}

export type ConfirmType = 'Confirm1' | 'Confirm2';

/** What is inside. */
export interface Confirm {
  /** Beginning of the sender's hash chain. */
  readonly h0: Uint8Array;
  /** Whether the person has compared the SAS with this partner, now or before. */
  readonly sasVerified: boolean;
  readonly allowClear: boolean;
  readonly pbxEnrolment: boolean;
  readonly disclosure: boolean;
  /** How long the retained secret may be kept; 0 for not at all, 0xffffffff for ever. */
  readonly cacheSeconds: number;
}

export function encodeSealedConfirm(type: ConfirmType, { mac, iv, encrypted }: SealedConfirm): Uint8Array<ArrayBuffer> {
  return encodeMessage(type, mac, iv, encrypted);
}

export function parseSealedConfirm(type: ConfirmType, message: Uint8Array): SealedConfirm {
  const reader = readMessage(type, message);
  const [mac, iv] = [reader.bytes(8), reader.bytes(16)];
  const encrypted = reader.rest();
  if (encrypted.length < PLAIN_BYTES) throw malformed();
  return { mac, iv, encrypted };
}

/** 40 bytes; we sign no SAS. */
export function encodeConfirm(confirm: Confirm): Uint8Array<ArrayBuffer> {
  const { h0, sasVerified, allowClear, pbxEnrolment, disclosure, cacheSeconds } = confirm;
  const bits = [pbxEnrolment, sasVerified, allowClear, disclosure].map((flag, i) => (flag ? 8 >> i : 0));
  const flags = bits.reduce((all, bit) => all | bit, 0);
  const plain = new Uint8Array(PLAIN_BYTES);
  plain.set(h0);
  plain.set(word(flags), 32);
  plain.set(word(cacheSeconds), 36);
  return plain;
}

/** A signature behind it is passed over: the certificates of our own ends sign in the signalling. */
export function parseConfirm(plain: Uint8Array): Confirm {
  const reader = new FieldReader(plain, 0);
  const [h0, flags, cacheSeconds] = [reader.bytes(32), reader.word(), reader.word()];
  const signatureWords = (flags >>> 8) & 0x1ff;
  reader.bytes(signatureWords * 4);
  reader.end();
  const flag = (bit: number): boolean => (flags & bit) !== 0;
  return { h0, pbxEnrolment: flag(8), sasVerified: flag(4), allowClear: flag(2), disclosure: flag(1), cacheSeconds };
}

const PLAIN_BYTES = 40;
