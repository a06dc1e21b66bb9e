import { encodeCbor } from '@sotto/bytes';
import type { Primitives, Secret } from '@sotto/crypto';
import { taggedMessage } from '@sotto/crypto';
import { z } from 'zod/mini';
import { ProtocolPeerFault } from './fault.ts';
import { count, type Extent, fixedBytes, hash32, milliseconds } from './format.ts';

/** What a head speaks of: a room's log or an account's sigchain, by its id, or the audit log, by the CA's fingerprint. */
export interface HeadSubject {
  readonly kind: 'room' | 'chain' | 'audit';
  readonly id: Uint8Array;
}

/** The cluster's word that a log had this length and hash at that time; the subject is known from where it stands. */
export interface SignedHead extends Extent {
  /** The server's clock, milliseconds. */
  readonly at: number;
  /** Which life of the cluster's data this is: every restore from a backup begins a higher one. */
  readonly incarnation: number;
  readonly signature: Uint8Array;
}

export const signedHead: z.ZodMiniType<SignedHead> = z.strictObject({
  length: z.int().check(z.positive()),
  hash: hash32,
  at: milliseconds,
  incarnation: count,
  signature: fixedBytes(64),
});

export async function signHead(
  primitives: Primitives,
  headKey: Secret,
  { subject, extent, at, incarnation }: HeadContent,
): Promise<SignedHead> {
  const { length, hash } = extent;
  const content = { length, hash, at, incarnation };
  const message = taggedMessage('sotto/head/v1', headBytes(subject, content));
  return { ...content, signature: await primitives.ed25519.sign(headKey, message) };
}

/** Verifies a head under any of the head keys that the client has accepted. Throws `head-invalid`. */
export async function verifyHead(
  primitives: Primitives,
  headKeys: readonly Uint8Array[],
  { subject, head }: { readonly subject: HeadSubject; readonly head: SignedHead },
): Promise<void> {
  const message = taggedMessage('sotto/head/v1', headBytes(subject, head));
  for (const key of headKeys) if (await primitives.ed25519.verify(key, message, head.signature)) return;
  throw new ProtocolPeerFault('head-invalid', 'a head that the cluster did not sign');
}

/** What a head says, with its subject. */
export interface HeadContent {
  readonly subject: HeadSubject;
  readonly extent: Extent;
  /** Milliseconds. */
  readonly at: number;
  readonly incarnation: number;
}

/** The bytes that a head's signature is over: deterministic CBOR {v, kind, id, length, hash, at, incarnation}. */
function headBytes(subject: HeadSubject, head: Omit<SignedHead, 'signature'>): Uint8Array {
  const { length, hash, at, incarnation } = head;
  return encodeCbor({ v: 1, kind: subject.kind, id: subject.id, length, hash, at, incarnation });
}
