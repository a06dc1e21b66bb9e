import { type CallAgreement, callAgreements, type PacketHash, sha256, sha384 } from '@sotto/crypto';
import { ZrtpPeerFault, ZrtpUsageFault } from './fault.ts';
import type { Choices } from './messages/hello.ts';

interface ZrtpHash {
  readonly name: string;
  readonly mac: PacketHash;
  readonly bytes: number;
  digest(message: Uint8Array): Uint8Array<ArrayBuffer>;
}

/** RFC 6189 section 5.1.2. */
const hashes: readonly ZrtpHash[] = [
  { name: 'S256', mac: 'SHA-256', bytes: 32, digest: (message) => sha256(message) },
  { name: 'S384', mac: 'SHA-384', bytes: 48, digest: sha384 },
];

/** RFC 6189 section 5.1.3: the length of keys in bytes. */
const ciphers: Readonly<Record<string, 16 | 32>> = { AES1: 16, AES3: 32 };

/** RFC 6189 section 5.1.5, and X25519 and X448 as Linphone names them. */
const agreements: Readonly<Record<string, CallAgreement>> = {
  DH3k: callAgreements.modp3072,
  EC38: callAgreements.p384,
  X255: callAgreements.x25519,
  X448: callAgreements.x448,
};

/** What this implementation offers unless told otherwise, the best first. `Prsh` can be named beside it. */
export const allChoices: Choices = {
  hashes: ['S384', 'S256'],
  ciphers: ['AES3', 'AES1'],
  authTags: ['HS80', 'HS32'],
  agreements: ['X448', 'X255', 'EC38', 'DH3k', 'Mult'],
  sasTypes: ['B256', 'B32'],
};

/** A call that begins with the secret of the last one alone (RFC 6189 section 4.4.2). */
export const PRESHARED = 'Prsh';

/** What both ends agreed on. */
export interface Algorithms {
  readonly hash: ZrtpHash;
  readonly cipher: string;
  readonly cipherKeyBytes: 16 | 32;
  readonly authTag: string;
  readonly agreement: string;
  readonly sasType: string;
}

/** What every end has, named or not (RFC 6189 section 5.1). */
function withMandatory({ hashes, ciphers, authTags, agreements, sasTypes }: Choices): Choices {
  const add = (names: readonly string[], ...mandatory: readonly string[]): readonly string[] => [
    ...new Set([...names.map((name) => name.trim()), ...mandatory]),
  ];
  return {
    hashes: add(hashes, 'S256'),
    ciphers: add(ciphers, 'AES1'),
    authTags: add(authTags, 'HS32', 'HS80'),
    agreements: add(agreements, 'DH3k'),
    sasTypes: add(sasTypes, 'B32'),
  };
}

/** The best of ours that the other end has, too. Throws `algorithm-unsupported`. */
export function chooseAlgorithms(own: Choices, peer: Choices): Algorithms {
  const others = withMandatory(peer);
  const first = (kind: keyof Choices): string => {
    const found = own[kind].find((name) => name !== 'Mult' && name !== PRESHARED && others[kind].includes(name));
    if (found === undefined) throw unsupported(kind);
    return found;
  };
  return algorithmsOf({
    hash: first('hashes'),
    cipher: first('ciphers'),
    authTag: first('authTags'),
    agreement: first('agreements'),
    sasType: first('sasTypes'),
  });
}

/** What an initiator chose, if it is among ours. Throws `algorithm-unsupported`. */
export function acceptAlgorithms(own: Choices, chosen: ChosenNames): Algorithms {
  for (const [kind, name] of Object.entries(kinds)) {
    if (!own[kind as keyof Choices].includes(chosen[name].trim())) throw unsupported(kind as keyof Choices);
  }
  return algorithmsOf(chosen);
}

/** The group of an agreement that is neither `Mult` nor `Prsh`. */
export function agreementOf(name: string): CallAgreement {
  const agreement = agreements[name];
  if (agreement === undefined) throw unsupported('agreements');
  return agreement;
}

/** Throws `no-algorithm` for choices that have something unknown or nothing of a kind. */
export function checkChoices(choices: Choices): void {
  for (const kind of Object.keys(kinds) as (keyof Choices)[]) {
    const isKnown = choices[kind].length > 0 && choices[kind].every((name) => isUsable(kind, name));
    if (!isKnown) throw new ZrtpUsageFault('no-algorithm', `no usable ${kind} for ZRTP`);
  }
}

function isUsable(kind: keyof Choices, name: string): boolean {
  return allChoices[kind].includes(name) || (kind === 'agreements' && name === PRESHARED);
}

/** Which Error a peer gets that has nothing in common with us (RFC 6189 section 5.9). */
const unsupportedCodes: Readonly<Record<keyof Choices, number>> = {
  hashes: 0x51,
  ciphers: 0x52,
  agreements: 0x53,
  authTags: 0x54,
  sasTypes: 0x55,
};

interface ChosenNames {
  readonly hash: string;
  readonly cipher: string;
  readonly authTag: string;
  readonly agreement: string;
  readonly sasType: string;
}

function algorithmsOf(chosen: ChosenNames): Algorithms {
  const hash = hashes.find(({ name }) => name === chosen.hash.trim());
  const cipherKeyBytes = ciphers[chosen.cipher.trim()];
  if (hash === undefined || cipherKeyBytes === undefined) throw unsupported('hashes');
  const [cipher, authTag, agreement, sasType] = [chosen.cipher, chosen.authTag, chosen.agreement, chosen.sasType].map(
    (name) => name.trim(),
  ) as [string, string, string, string];
  return { hash, cipher, cipherKeyBytes, authTag, agreement, sasType };
}

function unsupported(kind: keyof Choices): ZrtpPeerFault {
  return new ZrtpPeerFault('algorithm-unsupported', `the other end has none of our ${kind}`, {
    detail: { error: unsupportedCodes[kind] },
  });
}

const kinds: Readonly<Record<keyof Choices, keyof ChosenNames>> = {
  hashes: 'hash',
  ciphers: 'cipher',
  authTags: 'authTag',
  agreements: 'agreement',
  sasTypes: 'sasType',
};
