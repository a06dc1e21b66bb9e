import { equal } from '@sotto/bytes';
import { ZrtpPeerFault } from './fault.ts';
import type { HandshakeInput } from './handshake.ts';
import type { Role } from './key-schedule.ts';
import {
  type Confirm,
  type ConfirmType,
  encodeConfirm,
  encodeSealedConfirm,
  parseConfirm,
  parseSealedConfirm,
} from './messages/confirm.ts';
import type { Outcome } from './outcome.ts';

/** The Confirm of an end: encrypted under its key, then under its MAC (RFC 6189 section 4.6). */
export function sealConfirm(
  { ciphers, randomBytes, chain }: HandshakeInput,
  outcome: Outcome,
): Uint8Array<ArrayBuffer> {
  const { role, keys, context, previouslyVerified } = outcome;
  const { macKey, confirmKey } = keys[role];
  const clear = { allowClear: false, pbxEnrolment: false, disclosure: false };
  const confirm = { h0: chain.h0, sasVerified: previouslyVerified, ...clear, cacheSeconds: FOR_EVER };
  const iv = randomBytes(16);
  const encrypted = ciphers.aesCfb.encrypt(confirmKey, iv, encodeConfirm(confirm));
  const mac = ciphers.hmac(context.algorithms.hash.mac, macKey, encrypted).slice(0, 8);
  return encodeSealedConfirm(typeOf(role), { mac, iv, encrypted });
}

/** The other end's. Throws `confirm-refused`. */
export function openConfirm({ ciphers }: HandshakeInput, outcome: Outcome, message: Uint8Array): Confirm {
  const { role, keys, context } = outcome;
  const sender: Role = role === 'initiator' ? 'responder' : 'initiator';
  const { macKey, confirmKey } = keys[sender];
  const { mac, iv, encrypted } = parseSealedConfirm(typeOf(sender), message);
  const expected = ciphers.hmac(context.algorithms.hash.mac, macKey, encrypted).slice(0, 8);
  if (!equal(mac, expected)) {
    throw new ZrtpPeerFault('confirm-refused', 'the two ends do not have the same keys: somebody may sit between them');
  }
  return parseConfirm(ciphers.aesCfb.decrypt(confirmKey, iv, encrypted));
}

function typeOf(role: Role): ConfirmType {
  return role === 'responder' ? 'Confirm1' : 'Confirm2';
}

/** How long the secret may be kept. */
const FOR_EVER = 0xffff_ffff;
