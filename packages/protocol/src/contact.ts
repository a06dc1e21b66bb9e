import { equal } from '@sotto/bytes';
import type { Secret, Suite, Suites } from '@sotto/crypto';
import { z } from 'zod/mini';
import { type Address, address } from './address.ts';
import { activeDevice, type Chain } from './chain.ts';
import type { Envelope } from './envelope.ts';
import { ProtocolPeerFault } from './fault.ts';
import { type Extent, extent, type Format, hash32, milliseconds, versionedFormat } from './format.ts';
import { checkClaimedExtent } from './room-state.ts';

/** What one account says to another about being contacts, signed by a device of its author. */
export type ContactStatement = ContactFrame &
  (
    | { readonly type: 'request'; readonly expected: Uint8Array | null }
    | { readonly type: 'accept'; readonly peer: Uint8Array; readonly peerChain: Extent }
  );

interface ContactFrame {
  readonly v: 1;
  readonly suite: number;
  readonly author: Uint8Array;
  readonly authorAddress: Address;
  readonly device: Uint8Array;
  readonly chain: Extent;
  /** Whom it is for. */
  readonly to: Address;
  readonly at: number;
}

const frame = {
  v: z.literal(1),
  suite: z.int().check(z.minimum(1), z.maximum(0xffff)),
  author: hash32,
  authorAddress: address,
  device: hash32,
  chain: extent,
  to: address,
  at: milliseconds,
};

/** The bytes that a contact statement's signature is over, tag `sotto/contact/v1`. */
export const contactStatement: Format<ContactStatement> = versionedFormat<ContactStatement>(
  'contact statement',
  z.discriminatedUnion('type', [
    z.strictObject({ ...frame, type: z.literal('request'), expected: z.nullable(hash32) }),
    z.strictObject({ ...frame, type: z.literal('accept'), peer: hash32, peerChain: extent }),
  ]),
  { field: 'type', known: ['request', 'accept'] },
);

export async function signContactStatement(
  suite: Suite,
  value: ContactStatement,
  signingKey: Secret,
): Promise<Envelope> {
  const signed = contactStatement.encode(value);
  return { signed, signatures: [await suite.signature.sign(signingKey, 'sotto/contact/v1', signed)] };
}

/**
 * Verifies a contact statement under its author's chain, and, where the recipient's is given, that it is meant for that
 * identity. Throws `contact-invalid`, `pending-chain`, `identity-conflict`, `device-unendorsed`, `bad-signature`.
 */
export async function verifyContactStatement(
  suites: Suites,
  envelope: Envelope,
  { author, to, recipient = null }: { readonly author: Chain; readonly to: Address; readonly recipient?: Chain | null },
): Promise<ContactStatement> {
  const statement = contactStatement.parse(envelope.signed);
  const [signature, ...more] = envelope.signatures;
  if (signature === undefined || more.length > 0) throw invalid('exactly one signature is due');
  if (statement.to !== to) throw invalid('it is for somebody else');
  if (!equal(statement.author, author.fingerprint) || statement.authorAddress !== author.address) {
    throw invalid('it is of another author');
  }
  checkClaimedExtent(author, statement.chain);
  const device = activeDevice(author, statement.device, statement.chain.length);
  if (device === null || device.kind !== 'keybox' || statement.suite !== author.suite) {
    throw new ProtocolPeerFault('device-unendorsed', 'signed by no active device of its author');
  }
  await suites.byId(author.suite).signature.verify(device.signing, 'sotto/contact/v1', envelope.signed, signature);
  if (recipient !== null) checkRecipient(statement, recipient);
  return statement;
}

/** The address may have passed to another identity since the author wrote. */
function checkRecipient(statement: ContactStatement, recipient: Chain): void {
  const meant = statement.type === 'request' ? statement.expected : statement.peer;
  if (meant !== null && !equal(meant, recipient.fingerprint)) throw invalid('it is for another identity');
  if (statement.type === 'accept') checkClaimedExtent(recipient, statement.peerChain);
}

function invalid(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('contact-invalid', `contact statement: ${what}`);
}
