import type { KeyPair } from '@sotto/crypto';
import { Secret, xWing } from '@sotto/crypto';
import type { CertificateAuthority } from '../authority.ts';
import { type Holder, issue, issueDevice, NOW_MS, primitives } from '../cluster.fixture.ts';
import type { ContainerOrder, ContainerSender } from './container.ts';
import type { ContainerKey } from './recipient.ts';

/** An account with one device and one container key, of either suite. */
export interface Person {
  readonly device: Holder<'device'>;
  readonly userKey: KeyPair;
  /** Of the user key; classic accounts alone have one. */
  readonly certificate: Uint8Array | null;
  readonly key: ContainerKey;
  readonly sender: ContainerSender;
}

export async function createPerson(
  cluster: CertificateAuthority,
  address: string,
  suite: 'classic' | 'hybrid',
): Promise<Person> {
  const device = await issueDevice(cluster, address, suite);
  const userKey = suite === 'classic' ? await primitives.rsaOaep.generate(3072) : await generateXWing();
  const { publicKey, secretKey } = userKey;
  const subject = { profile: 'user-key', address } as const;
  const certificate = suite === 'classic' ? (await issue(cluster, subject, publicKey)).der : null;
  return {
    device,
    userKey,
    certificate,
    key: { publicKey, secretKey, certificates: certificate === null ? [] : [certificate] },
    sender: {
      fingerprint: primitives.randomBytes(32),
      deviceId: primitives.randomBytes(32),
      certificate: device.certificate.der,
      signer: device.signer,
      recipient: { publicKey },
    },
  };
}

export function orderOf(from: Person, to: readonly Person[], content: Uint8Array): ContainerOrder {
  const recipients = to.map(({ userKey }) => ({ publicKey: userKey.publicKey }));
  return { primitives, content, purpose: 'mail', atMs: NOW_MS, sender: from.sender, recipients };
}

async function generateXWing(): Promise<KeyPair> {
  const secretKey = new Secret(primitives.randomBytes(32));
  return { secretKey, publicKey: await xWing(primitives).publicKey(secretKey) };
}
