import { Secret } from '@sotto/crypto';
import { readAccountFile } from './account-file.ts';
import { readDeviceKeyFile } from './device-p12.ts';
import { KeyboxPeerFault } from './fault.ts';
import { openKeystore, parseKeystore } from './keystore.ts';
import { readMeta } from './meta.ts';
import { type PartName, type Platform, partNames, type VaultFile, type VaultStorage } from './ports.ts';
import type { Session } from './session.ts';
import { CANARY } from './vault.ts';
import type { VaultCheckView } from './views.ts';

type Finding = VaultCheckView['parts'][number];

/**
 * Proves that what lies on the disk is ciphertext: every part by its bytes, by a wrong key, by no key and by a marker
 * that is inside it and must not be outside; `keystore` and `device.p12` by a wrong key and by the secrets they hold.
 */
export async function checkVault(platform: Platform, storage: VaultStorage, session: Session): Promise<VaultCheckView> {
  await readAccountFile(storage);
  const parts: Finding[] = [];
  for (const name of partNames) parts.push(await checkPart(storage, session, name));
  parts.push(await checkKeystore(platform, storage, session), await checkKeyFile(platform, storage, session));
  return { encrypted: parts.every(({ encrypted }) => encrypted), parts };
}

/** Judges a file that lies beside a vault and is none of its own, by its first bytes. */
export function checkStrayFile({ path, raw, sizeBytes }: StrayFile): Finding {
  const bits = entropyBits(raw);
  const isPlain = includes(raw, SQLITE_HEADER);
  const failures = [
    ...(isPlain ? ['a plain database header'] : []),
    ...(bits < LEAST_ENTROPY_BITS ? ['bytes that are not random'] : []),
  ];
  const proof = `no file of Sotto; ${bits.toFixed(2)} bits of entropy each`;
  const facts = { sizeBytes, entropyBits: bits, opensWithoutKey: null, opensWithWrongKey: false, inTheClear: isPlain };
  return finding(path.slice(path.lastIndexOf('/') + 1), { path, failures, proof, facts });
}

export interface StrayFile {
  readonly path: string;
  /** As much of its beginning as was read. */
  readonly raw: Uint8Array;
  readonly sizeBytes: number;
}

async function checkPart(storage: VaultStorage, session: Session, name: PartName): Promise<Finding> {
  const canary = await readMeta(session[name], CANARY);
  if (canary === null) throw new KeyboxPeerFault('vault-damaged', `the part ${name} has lost its marker`);
  const { path, raw, opensWithoutKey, opensWithWrongKey } = await storage.inspectPart(name);
  const bits = entropyBits(raw);
  const isPlain = includes(raw, SQLITE_HEADER);
  const isMarked = includes(raw, canary);
  const failures = [
    ...(isPlain ? ['a plain database header'] : []),
    ...(bits < LEAST_ENTROPY_BITS ? ['bytes that are not random'] : []),
    ...(isMarked ? ['a marker in the clear'] : []),
    ...(opensWithoutKey ? ['opens without a key'] : []),
    ...(opensWithWrongKey ? ['opens with a wrong key'] : []),
  ];
  const proof = `${raw.length} bytes, ${bits.toFixed(2)} bits of entropy each, marker not found, refuses a wrong key and none`;
  const facts = { sizeBytes: raw.length, entropyBits: bits, opensWithoutKey, opensWithWrongKey };
  return finding(name, { path, failures, proof, facts: { ...facts, inTheClear: isPlain || isMarked } });
}

async function checkKeystore(platform: Platform, storage: VaultStorage, { identity }: Session): Promise<Finding> {
  const raw = await present(storage, 'keystore');
  using wrong = new Secret(platform.primitives.randomBytes(32));
  const opened = await opens(() => openKeystore(platform, parseKeystore(raw), wrong));
  const leaked = [identity.signing, identity.kem].some(({ secretKey }) =>
    secretKey.use((bytes) => includes(raw, bytes)),
  );
  const failures = [...(opened ? ['opens with a wrong secret'] : []), ...(leaked ? ['a key in the clear'] : [])];
  return finding('keystore', {
    path: storage.pathOf('keystore'),
    failures,
    proof: 'no key in the clear, refuses a wrong vault secret',
    facts: fileFacts(raw, { opened, leaked }),
  });
}

async function checkKeyFile({ primitives }: Platform, storage: VaultStorage, { identity }: Session): Promise<Finding> {
  const raw = await present(storage, 'device.p12');
  using wrong = new Secret(new TextEncoder().encode('wrong'));
  const opened = await opens(() => readDeviceKeyFile({ primitives, storage }, wrong));
  const { secretKey } = await identity.certificateKey();
  using held = secretKey;
  const leaked = held.use((bytes) => includes(raw, bytes));
  const failures = [...(opened ? ['opens with a wrong password'] : []), ...(leaked ? ['a key in the clear'] : [])];
  return finding('device.p12', {
    path: storage.pathOf('device.p12'),
    failures,
    proof: 'no key in the clear, refuses a wrong password',
    facts: fileFacts(raw, { opened, leaked }),
  });
}

function finding(
  name: string,
  {
    path,
    failures,
    proof,
    facts,
  }: {
    readonly path: string;
    readonly failures: readonly string[];
    readonly proof: string;
    readonly facts: Omit<Finding, 'name' | 'path' | 'encrypted' | 'evidence'>;
  },
): Finding {
  const encrypted = failures.length === 0;
  return { name, path, encrypted, evidence: encrypted ? proof : failures.join(', '), ...facts };
}

function fileFacts(raw: Uint8Array, { opened, leaked }: { readonly opened: boolean; readonly leaked: boolean }) {
  return {
    sizeBytes: raw.length,
    entropyBits: null,
    opensWithoutKey: null,
    opensWithWrongKey: opened,
    inTheClear: leaked,
  };
}

async function present(storage: VaultStorage, file: VaultFile): Promise<Uint8Array> {
  const content = await storage.read(file);
  if (content !== null) return content;
  throw new KeyboxPeerFault('vault-damaged', `${file} is missing: restore the vault from a backup`);
}

async function opens(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (cause) {
    if (cause instanceof KeyboxPeerFault && cause.code === 'vault-damaged') return false;
    throw cause;
  }
}

/** Shannon entropy of the bytes, at most 8 bits. */
function entropyBits(bytes: Uint8Array): number {
  const counts = new Array<number>(256).fill(0);
  for (const byte of bytes) counts[byte] = (counts[byte] as number) + 1;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
  return bits;
}

function includes(bytes: Uint8Array, wanted: Uint8Array): boolean {
  const [first] = wanted;
  if (first === undefined) return false;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}

const SQLITE_HEADER = new TextEncoder().encode('SQLite format 3');
/** Ciphertext of some kilobytes has 7.9 and more, a database in the clear less than 7. */
const LEAST_ENTROPY_BITS = 7.5;
