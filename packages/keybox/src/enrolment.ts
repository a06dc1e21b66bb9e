import { encodeCbor } from '@sotto/bytes';
import { type KeyPair, Secret, type Suite, sha256, type UserKeyPairs } from '@sotto/crypto';
import {
  beginChain,
  type DeviceDescription,
  deviceId,
  type Envelope,
  type Statement,
  signStatement,
} from '@sotto/protocol';
import { chainRow } from './chains.ts';
import { keystore, sealKeystore, type VaultKeys } from './keystore.ts';
import { writeMeta } from './meta.ts';
import { wrapVaultSecret } from './passphrase-wrap.ts';
import type { Platform, SqlStatement, VaultStorage } from './ports.ts';
import type { SignUp } from './sign-up-file.ts';
import { createParts, openedVault, openVault, randomPartKeys, type Vault } from './vault.ts';

/** Names in `meta` of the part `keys`. */
export const META = {
  userKey: 'user-key/0',
  policyKey: 'policy-key',
  certificateKey: 'sign-up/certificate-key',
  completion: 'sign-up/completion',
  certificate: 'certificate',
  userKeyCertificate: 'user-key-certificate',
  authority: 'ca-certificate',
  accountRoom: 'account-room',
  unlockKeys: 'unlock-keys',
} as const;

export interface NewVault {
  readonly signUp: SignUp;
  readonly caFingerprint: Uint8Array;
  readonly vaultSecret: Secret;
  /** The second passphrase, for `advanced`. */
  readonly vaultPassphrase: string | null;
}

/**
 * Makes a vault with all keys of a new account in it, its signed genesis included. Writing the keystore is the last
 * thing, and makes it one: until then everything is made anew.
 */
export async function createVault(platform: Platform, storage: VaultStorage, input: NewVault): Promise<Vault> {
  const { primitives, suites } = platform;
  const { signUp, vaultSecret, vaultPassphrase } = input;
  const suite = suites.byId(signUp.suite);
  const keys: VaultKeys = {
    kem: await suite.kem.generate(),
    signing: await suite.signature.generate(),
    masterKey: new Secret(primitives.randomBytes(32)),
    partKeys: randomPartKeys(platform),
  };
  const binding = { label: 'sotto/vault/advanced/v1', vaultId: signUp.vaultId, expiresAt: null } as const;
  const local =
    vaultPassphrase === null ? null : await wrapVaultSecret(platform, vaultPassphrase, { binding, vaultSecret });
  const content = await firstContent(platform, keys, input);
  const created = openedVault({ keys, secret: vaultSecret }, await createParts(platform, storage, keys.partKeys));
  await created.parts.keys.apply(content);
  const file = await sealKeystore(platform, { suite, vaultId: signUp.vaultId, local, vaultSecret, keys });
  await created.close();
  await storage.replace('keystore', keystore.encode(file));
  return openVault(platform, storage, vaultSecret);
}

/** What the part `keys` begins with: the user key, the key that a certificate is asked for, the genesis. */
async function firstContent(platform: Platform, keys: VaultKeys, input: NewVault): Promise<readonly SqlStatement[]> {
  const { primitives, suites } = platform;
  const { signUp } = input;
  const suite = suites.byId(signUp.suite);
  const certificateKey = await suite.certificateKey.generate();
  const device: DeviceDescription = {
    kind: 'keybox',
    name: signUp.deviceName,
    signing: keys.signing.publicKey,
    kem: keys.kem.publicKey,
    spki: sha256(certificateKey.publicKey),
  };
  using seed = new Secret(primitives.randomBytes(32));
  const userKey = await suite.userKeys.generate(seed);
  const policyKey = signUp.policyKey === null ? await suite.signature.generate() : null;
  const genesis = await signGenesis(platform, { ...input, suite, device, userKey, policyKey, signing: keys.signing });
  const chain = await beginChain(suites, genesis, signUp.address);
  const expose = (secret: Secret): Uint8Array => secret.unsafeExpose('kept in the encrypted vault');
  return [
    chainRow(chain, genesis),
    writeMeta(META.userKey, expose(seed)),
    writeMeta(META.certificateKey, expose(certificateKey.secretKey)),
    ...(policyKey === null ? [] : [writeMeta(META.policyKey, encodePolicyKey(suite, policyKey))]),
  ];
}

interface GenesisInput extends NewVault {
  readonly suite: Suite;
  readonly device: DeviceDescription;
  readonly userKey: UserKeyPairs & { readonly wrapped: Uint8Array };
  readonly policyKey: KeyPair | null;
  readonly signing: KeyPair;
}

async function signGenesis({ clock }: Platform, input: GenesisInput): Promise<Envelope> {
  const { signUp, suite, device, userKey, policyKey, signing, caFingerprint } = input;
  const { room, container, wrapped } = userKey;
  const genesis: Statement = {
    v: 1,
    suite: suite.id,
    type: 'genesis',
    account: null,
    seq: 0,
    prev: null,
    at: clock.now(),
    signers: [deviceId(suite.id, device)],
    body: {
      address: signUp.address,
      device,
      userKey: { generation: 0, room: room.publicKey, container: container.publicKey, wrapped },
      ca: caFingerprint,
      policyKey: policyKey === null ? (signUp.policyKey as Uint8Array) : sha256(policyKey.publicKey),
    },
  };
  return signStatement(suite, genesis, [signing.secretKey]);
}

/** The content of the `policy-key` record that the account room will keep. */
function encodePolicyKey(suite: Suite, { publicKey, secretKey }: KeyPair): Uint8Array {
  return encodeCbor({ suite: suite.id, publicKey, secretKey: secretKey.unsafeExpose('kept in the encrypted vault') });
}
