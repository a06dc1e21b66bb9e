import { CryptoWireFault } from '../fault.ts';
import { checkElement } from './group.ts';
import {
  ELEMENT_BYTES,
  ENVELOPE_BYTES,
  HASH_BYTES,
  KE2_HEAD_BYTES,
  KE3_BYTES,
  MASKED_RESPONSE_BYTES,
  NONCE_BYTES,
} from './limits.ts';

// The messages of RFC 9807 sections 5.1 and 6.1: fields of fixed length, joined. Every parser throws
// `opaque-malformed` for a wrong length and for an element that is the identity or not canonical.

export function parseRegistrationRequest(bytes: Uint8Array): Uint8Array {
  const [blindedMessage] = split(bytes, [ELEMENT_BYTES]);
  checkElement(blindedMessage);
  return blindedMessage;
}

export interface RegistrationResponse {
  readonly evaluatedMessage: Uint8Array;
  readonly serverPublicKey: Uint8Array;
}

export function parseRegistrationResponse(bytes: Uint8Array): RegistrationResponse {
  const [evaluatedMessage, serverPublicKey] = split(bytes, [ELEMENT_BYTES, ELEMENT_BYTES]);
  checkElement(evaluatedMessage);
  checkElement(serverPublicKey);
  return { evaluatedMessage, serverPublicKey };
}

/** What the server keeps of an account: RegistrationRecord (section 5.1). */
export interface RegistrationRecord {
  readonly clientPublicKey: Uint8Array;
  readonly maskingKey: Uint8Array;
  readonly envelope: Uint8Array;
}

export function parseRecord(bytes: Uint8Array): RegistrationRecord {
  const [clientPublicKey, maskingKey, envelope] = split(bytes, [ELEMENT_BYTES, HASH_BYTES, ENVELOPE_BYTES]);
  checkElement(clientPublicKey);
  return { clientPublicKey, maskingKey, envelope };
}

export interface Ke1 {
  readonly blindedMessage: Uint8Array;
  readonly clientKeyShare: Uint8Array;
}

export function parseKe1(bytes: Uint8Array): Ke1 {
  const [blindedMessage, , clientKeyShare] = split(bytes, [ELEMENT_BYTES, NONCE_BYTES, ELEMENT_BYTES]);
  checkElement(blindedMessage);
  checkElement(clientKeyShare);
  return { blindedMessage, clientKeyShare };
}

export interface Ke2 {
  readonly evaluatedMessage: Uint8Array;
  readonly maskingNonce: Uint8Array;
  readonly maskedResponse: Uint8Array;
  readonly serverKeyShare: Uint8Array;
  readonly serverMac: Uint8Array;
  /** All before the MAC. */
  readonly head: Uint8Array;
}

export function parseKe2(bytes: Uint8Array): Ke2 {
  const [evaluatedMessage, maskingNonce, maskedResponse, , serverKeyShare, serverMac] = split(bytes, [
    ELEMENT_BYTES,
    NONCE_BYTES,
    MASKED_RESPONSE_BYTES,
    NONCE_BYTES,
    ELEMENT_BYTES,
    HASH_BYTES,
  ]);
  checkElement(evaluatedMessage);
  checkElement(serverKeyShare);
  const head = bytes.slice(0, KE2_HEAD_BYTES);
  return { evaluatedMessage, maskingNonce, maskedResponse, serverKeyShare, serverMac, head };
}

export function parseKe3(bytes: Uint8Array): Uint8Array {
  checkLength(bytes, KE3_BYTES);
  return bytes;
}

type Parts<Lengths extends readonly number[]> = { [Index in keyof Lengths]: Uint8Array<ArrayBuffer> };

function split<const Lengths extends readonly number[]>(bytes: Uint8Array, lengths: Lengths): Parts<Lengths> {
  checkLength(
    bytes,
    lengths.reduce((sum, length) => sum + length, 0),
  );
  let offset = 0;
  return lengths.map((length) => {
    offset += length;
    return Uint8Array.from(bytes.subarray(offset - length, offset));
  }) as Parts<Lengths>;
}

function checkLength(bytes: Uint8Array, length: number): void {
  if (bytes.length === length) return;
  throw new CryptoWireFault('opaque-malformed', `an OPAQUE message of ${bytes.length} bytes, not ${length}`);
}
