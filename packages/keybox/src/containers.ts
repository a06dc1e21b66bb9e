import { equal, hex } from '@sotto/bytes';
import { type KeyPair, sha256 } from '@sotto/crypto';
import {
  type ContainerAuthor,
  type ContainerKey,
  type ContainerPurpose,
  keySigner,
  type OpenedContainer,
  openContainer,
  parseContainerFile,
  sealContainer,
  type UnverifiedCertificate,
} from '@sotto/pki';
import { activeDevice, type Chain, type ChainDevice, currentUserKey, ProtocolPeerFault } from '@sotto/protocol';
import type { RoomReader } from './room-batch.ts';
import type { Session } from './session.ts';
import type { ContainerStatus } from './views.ts';

/** Seals content as CMS for accounts and for holders of outside certificates; the own key is always among them. DER. */
export async function sealContainerFor(
  { identity, primitives, clock }: Session,
  {
    readers,
    certificates,
    content,
    purpose = 'data',
    certificateKey,
  }: {
    readonly readers: readonly Chain[];
    readonly certificates: readonly Uint8Array[];
    readonly content: Uint8Array;
    readonly purpose?: ContainerPurpose;
    /** For who seals often: opening the file that has it takes a third of a second. */
    readonly certificateKey?: KeyPair;
  },
): Promise<Uint8Array> {
  const { secretKey } = certificateKey ?? (await identity.certificateKey());
  const own = identity.userKeys.at(-1);
  if (own === undefined) throw new ProtocolPeerFault('chain-broken', 'an account without a user key');
  return sealContainer({
    primitives,
    content,
    purpose,
    atMs: clock.now(),
    sender: {
      fingerprint: identity.fingerprint,
      deviceId: identity.deviceId,
      certificate: identity.certificate,
      signer: await keySigner(primitives, identity.suite.certificateKey.algorithm, secretKey),
      recipient: { publicKey: own.keys.container.publicKey },
    },
    recipients: [
      ...readers.map((chain) => ({ publicKey: currentUserKey(chain).container })),
      ...certificates.map((certificate) => ({ certificate })),
    ],
  });
}

/**
 * Opens a container, ours or another program's. The status is `valid` only if an active device of a chain that is
 * known here lists the signer's key; a signature that claims to be ours and is not is refused, never downgraded.
 */
export async function openContainerAt(
  reader: RoomReader,
  file: Uint8Array,
): Promise<{ readonly content: Uint8Array; readonly status: ContainerStatus }> {
  const opened = await openFor(reader.session, parseContainerFile(file), 'data');
  switch (opened.status) {
    case 'valid':
      return { content: opened.content, status: { signature: 'valid', sender: await senderOf(reader, opened.sender) } };
    case 'unbound':
      return { content: opened.content, status: { signature: 'unbound', sender: subjectOf(opened.certificate) } };
    default:
      return { content: opened.content, status: { signature: 'unsigned', sender: null } };
  }
}

/** Opens DER under the own keys. Throws what `openContainer` throws. */
export function openFor(
  { identity, primitives }: Session,
  container: Uint8Array,
  purpose: ContainerPurpose,
): Promise<OpenedContainer> {
  const certificates = identity.userKeyCertificate === null ? [] : [identity.userKeyCertificate];
  const keys: ContainerKey[] = identity.userKeys.map(({ keys: { container } }) => ({ ...container, certificates }));
  return openContainer({ primitives, container, keys, purposes: [purpose] });
}

/** Throws `device-unendorsed` unless an active device of the chain lists the key. */
export function checkAuthor(
  chain: Chain,
  { deviceId, spkiHash }: Pick<ContainerAuthor, 'deviceId' | 'spkiHash'>,
): ChainDevice {
  const device = activeDevice(chain, deviceId);
  if (device === null || device.kind !== 'keybox' || !equal(device.spki, spkiHash)) {
    throw new ProtocolPeerFault('device-unendorsed', 'signed by no active device of its sender');
  }
  return device;
}

/** The address behind a valid signature. Throws `record-author-unknown`, `device-unendorsed`. */
async function senderOf(reader: RoomReader, author: ContainerAuthor): Promise<string> {
  const { fingerprint } = author;
  const chain = await reader.chains.known(fingerprint);
  if (chain === null) throw new ProtocolPeerFault('record-author-unknown', 'sealed by somebody who is not known here');
  checkAuthor(chain, author);
  return chain.address;
}

/** What names a foreign certificate without trusting it: the SHA-256 of its key. */
function subjectOf({ publicKey }: UnverifiedCertificate): string {
  return `certificate:${hex(sha256(publicKey))}`;
}
