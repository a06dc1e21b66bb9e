import { decodeCbor, encodeCbor } from '@sotto/bytes';
import { argon2Floor, opaque, passphraseBytes, type Secret, sha256 } from '@sotto/crypto';
import {
  type AccountBundle,
  activeDevices,
  addressDomain,
  type Chain,
  chainExtent,
  type DeviceSecrets,
  deviceId,
  MAX_OLDER_UNLOCK_KEYS,
  sealBundle,
} from '@sotto/protocol';
import type { StatementContent } from '../chain-statement.ts';
import { makeRoamingDevice, wipeDeviceSecrets } from '../device-secrets.ts';
import { META } from '../enrolment.ts';
import { logKey } from '../key-log.ts';
import { readMeta, writeMeta } from '../meta.ts';
import { policyInForce } from '../policy/in-force.ts';
import { checkNewPassphrase } from '../policy/sign-up.ts';
import type { Part, SqlStatement } from '../ports.ts';
import type { RoomReader } from '../room-batch.ts';
import { makeUserKeyChange, newestUserKey } from '../user-keys.ts';
import { appendToOwnChain } from './own-chain.ts';
import { renewVault } from './vault-renewal.ts';

export interface PassphraseChange {
  readonly passphrase: string;
  /** Whether address and passphrase are enough to sign in elsewhere; `kit` seals the roaming device under both. */
  readonly roaming: 'on' | 'off' | { readonly kit: (secrets: DeviceSecrets) => Promise<Uint8Array> };
}

/**
 * Replaces the passphrase, the account unlock key, the roaming device and the user key, in one statement and one
 * transaction of the server; then the secret of this vault. What opens it under the old passphrase goes first, so that
 * whatever happens in between the server is asked next. Throws `passphrase-too-weak`, `policy-forbids` and the server's refusal; then nothing has changed.
 */
export async function changePassphrase(reader: RoomReader, change: PassphraseChange): Promise<void> {
  const { session } = reader;
  const { keys, clock, primitives } = session;
  const { passphrase, roaming } = change;
  checkNewPassphrase(await policyInForce(session), { passphrase, roaming: roaming !== 'off' });
  const known = await readUnlockKeys(keys);
  const unlockKey = primitives.randomBytes(32);
  const unlockKeys = [unlockKey, ...known].slice(0, MAX_OLDER_UNLOCK_KEYS + 1);
  const { record, passcode } = await register(reader, change.passphrase);
  using _ = passcode;
  // Durable before anything is sent: whoever wins, a vault that needs one of these keys finds it here.
  await keys.apply([keepUnlockKeys(unlockKeys)]);
  await session.care.forgetOfflineWrap();
  let bundle: Uint8Array = new Uint8Array();
  const make = async (chain: Chain): Promise<StatementContent> => {
    const prepared = await prepare(reader, chain, { change, passcode, unlockKeys });
    bundle = prepared.bundle;
    return prepared.content;
  };
  await appendToOwnChain(reader, make, {
    send: async (envelope) => void (await session.link.call('passphrase.finish', { record, bundle, envelope })),
  });
  await keys.apply([logKey(clock, { event: 'passphrase/changed' })]);
  await renewVault(session, { unlockKey, passphrase });
}

/** Unlock keys of the account, newest first: every one under which one of its vaults may still lie. */
export async function readUnlockKeys(keys: Part): Promise<readonly Uint8Array[]> {
  const stored = await readMeta(keys, META.unlockKeys);
  return stored === null ? [] : (decodeCbor(stored) as readonly Uint8Array[]);
}

export function keepUnlockKeys(unlockKeys: readonly Uint8Array[]): SqlStatement {
  return writeMeta(META.unlockKeys, encodeCbor([...unlockKeys]));
}

async function register(
  { session }: RoomReader,
  passphrase: string,
): Promise<{ readonly record: Uint8Array; readonly passcode: Secret }> {
  const { primitives, link, identity } = session;
  using bytes = passphraseBytes(passphrase);
  const { state, request } = opaque.registrationStart(primitives, bytes);
  const { response } = await link.call('passphrase.start', { request });
  const binding = opaque.opaqueBinding(identity.address, addressDomain(identity.address));
  const stretching = opaque.argon2Stretching(primitives, argon2Floor);
  const { record, exportKey } = await opaque.registrationFinish(primitives, state, { response, binding, stretching });
  return { record, passcode: exportKey };
}

async function prepare(
  { session }: RoomReader,
  chain: Chain,
  {
    change,
    passcode,
    unlockKeys,
  }: { readonly change: PassphraseChange; readonly passcode: Secret; readonly unlockKeys: readonly Uint8Array[] },
): Promise<{ readonly content: StatementContent; readonly bundle: Uint8Array }> {
  const { identity, primitives, suites } = session;
  const suite = suites.byId(chain.suite);
  const roaming = change.roaming === 'off' ? null : await makeRoamingDevice(suite, chain);
  const kept = activeDevices(chain).filter(({ kind }) => kind !== 'roaming');
  const added = roaming === null ? [] : [{ ...roaming.device, id: deviceId(chain.suite, roaming.device) }];
  const stay = [...kept, ...added];
  const previous = newestUserKey(identity).seed;
  const userKey = await makeUserKeyChange(session, { chain, previous, stay });
  const [unlockKey, ...olderUnlockKeys] = unlockKeys as readonly [Uint8Array, ...Uint8Array[]];
  const version = (chain.bundle?.version ?? 0) + 1;
  const bundle: AccountBundle = {
    v: 1,
    version,
    unlockKey,
    olderUnlockKeys,
    roaming: change.roaming === 'on' ? (roaming?.secrets ?? null) : null,
    kitRoaming:
      typeof change.roaming === 'object' && roaming !== null ? await change.roaming.kit(roaming.secrets) : null,
    fingerprint: identity.fingerprint,
    chain: chainExtent(chain),
    accountRoom: identity.accountRoom,
    caFingerprint: identity.caFingerprint,
  };
  const binding = { address: identity.address, suite: chain.suite };
  const sealed = await sealBundle(primitives, passcode, { bundle, binding });
  if (roaming !== null) wipeDeviceSecrets(roaming.secrets);
  const body = { roaming: roaming?.device ?? null, change: userKey, bundle: { version, hash: sha256(sealed) } };
  return { content: { type: 'passphrase.change', body }, bundle: sealed };
}
