import { equal, hex } from '@sotto/bytes';
import { Secret, type Suite } from '@sotto/crypto';
import { type Chain, envelope, restoreChain } from '@sotto/protocol';
import type { AccountFile } from './account-file.ts';
import { certificateKeyPair } from './certificates.ts';
import { readDeviceKeyFile } from './device-p12.ts';
import { META } from './enrolment.ts';
import { KeyboxPeerFault } from './fault.ts';
import { readMeta } from './meta.ts';
import type { Platform, VaultStorage } from './ports.ts';
import type { OwnIdentity } from './session.ts';
import type { UserKey } from './user-keys.ts';
import type { Vault } from './vault.ts';

/** The chain that an open vault keeps of its own account. Throws `vault-damaged`. */
export async function ownChain({ parts }: Vault, fingerprint: Uint8Array | null): Promise<Chain> {
  const rows = await parts.keys.query<{ envelope: Uint8Array }>(
    fingerprint === null
      ? 'SELECT envelope FROM chain ORDER BY seq'
      : 'SELECT envelope FROM chain WHERE fingerprint = ? ORDER BY seq',
    fingerprint === null ? [] : [fingerprint],
  );
  if (rows.length === 0) throw damaged('the own chain is missing from the vault');
  return restoreChain(rows.map((row) => envelope.parse(row.envelope)));
}

/** The account's own keys and certificates from an open vault. Throws `vault-damaged`. */
export async function loadIdentity(
  { primitives, suites }: Platform,
  { account, vault, storage, password }: IdentityInput,
): Promise<OwnIdentity> {
  const { keys } = vault.parts;
  const chain = await ownChain(vault, account.fingerprint);
  const device = chain.devices.get(hex(account.deviceId));
  if (device === undefined || !isOwn(account, vault, { chain, device })) {
    throw damaged('the account file and the vault are of different accounts');
  }
  const suite = suites.byId(account.suite);
  const required = async (name: string): Promise<Uint8Array> => {
    const value = await readMeta(keys, name);
    if (value === null) throw damaged('a key or certificate is missing from the vault');
    return value;
  };
  const { spki } = device;
  return {
    address: account.address,
    fingerprint: account.fingerprint,
    suite,
    deviceId: account.deviceId,
    deviceName: account.deviceName,
    signing: vault.keys.signing,
    kem: vault.keys.kem,
    certificateKey: async () => certificateKeyPair(await readDeviceKeyFile({ primitives, storage }, password), spki),
    certificate: await required(META.certificate),
    userKeyCertificate: await readMeta(keys, META.userKeyCertificate),
    caCertificate: await required(META.authority),
    caFingerprint: account.caFingerprint,
    userKeys: await loadUserKeys(suite, chain, required),
    accountRoom: await required(META.accountRoom),
  };
}

export interface IdentityInput {
  readonly account: AccountFile;
  readonly vault: Vault;
  readonly storage: VaultStorage;
  /** Of `device.p12`; must live as long as the identity. */
  readonly password: Secret;
}

/** The account file is not sealed: what it says must be what was signed. */
function isOwn(
  account: AccountFile,
  { keys }: Vault,
  {
    chain,
    device,
  }: { readonly chain: Chain; readonly device: { readonly signing: Uint8Array; readonly kem: Uint8Array } },
): boolean {
  return (
    account.address === chain.address &&
    account.suite === chain.suite &&
    equal(account.caFingerprint, chain.ca) &&
    equal(device.signing, keys.signing.publicKey) &&
    equal(device.kem, keys.kem.publicKey)
  );
}

async function loadUserKeys(
  suite: Suite,
  { userKeys }: Chain,
  required: (name: string) => Promise<Uint8Array>,
): Promise<UserKey[]> {
  const loaded: UserKey[] = [];
  for (const { generation, room, container, wrapped } of userKeys) {
    const seed = new Secret(await required(`user-key/${generation}`));
    loaded.push({ generation, seed, keys: await suite.userKeys.open(seed, { room, container, wrapped }) });
  }
  return loaded;
}

function damaged(what: string): KeyboxPeerFault {
  return new KeyboxPeerFault('vault-damaged', `${what}: restore the vault from a backup`);
}
