import { Secret, sha256 } from '@sotto/crypto';
import { currentUserKey, envelope, statement } from '@sotto/protocol';
import type { AccountFile } from '../account-file.ts';
import { orderCertificates } from '../certificates.ts';
import { openChannel } from '../cluster.ts';
import { keyFilePassword } from '../device-p12.ts';
import { keepUnlockKeys, readUnlockKeys } from '../devices/passphrase-change.ts';
import { META } from '../enrolment.ts';
import { readMeta, writeMeta } from '../meta.ts';
import type { Part, Platform, SqlStatement } from '../ports.ts';
import { clusterKem } from '../registration.ts';
import type { RequestChannel } from '../request-channel.ts';
import { sealVaultBlob } from '../sign-in.ts';
import { keepSeed, openSeeds } from '../user-keys.ts';
import type { Vault } from '../vault.ts';
import type { EnrolmentContext, Way } from './enrol-device.ts';
import type { OwnChain } from './own-chain.ts';

/** A device that stands in the chain, and what it has of its own. */
export interface Settling {
  readonly way: Way;
  readonly account: AccountFile;
  readonly own: OwnChain;
  readonly vault: Vault;
  readonly vaultSecret: Secret;
}

/** Gives an admitted device what it needs to work: certificates, its wrapped vault secret at the server, chain and user keys. */
export async function settleDevice(context: EnrolmentContext, settling: Settling): Promise<void> {
  const { platform } = context;
  const { way, account, vault, vaultSecret } = settling;
  const suite = platform.suites.byId(account.suite);
  const channel = await openChannel(
    platform,
    { ...way.cluster, kem: clusterKem(suite) },
    {
      mode: 'device',
      account: account.fingerprint,
      device: account.deviceId,
      kem: suite.kem,
      secretKey: vault.keys.kem.secretKey,
    },
  );
  try {
    await certify(context, settling, channel);
    const { keys } = vault.parts;
    await keepBundleKeys(way, keys);
    await storeVaultSecret(platform, { account, keys, vaultSecret }, channel);
  } finally {
    channel.close();
  }
  await keepChain(context, settling);
}

async function certify(
  { platform, storage }: EnrolmentContext,
  { account, own, vault }: Settling,
  channel: RequestChannel,
): Promise<void> {
  const { keys } = vault.parts;
  const pending = await readMeta(keys, META.certificateKey);
  if (pending === null) return;
  using certificateKey = new Secret(pending);
  using password = keyFilePassword(vault.keys.masterKey, account.vaultId);
  const { address, deviceName, caFingerprint } = account;
  const suite = platform.suites.byId(account.suite);
  const { container: containerKey } = currentUserKey(own.chain);
  const order = { address, deviceName, suite, caFingerprint, certificateKey, containerKey };
  const certify: Parameters<typeof orderCertificates>[2]['certify'] = (input) => channel.call('devices.certify', input);
  await orderCertificates(platform, { storage, keys, password }, { order, certify });
}

/**
 * Lays the wrapped vault secret down at the server, under the newest unlock key that this vault knows; without any it
 * waits for the new passphrase. What an attempt that broke off has stored is replaced.
 */
export async function storeVaultSecret(
  { primitives }: Pick<Platform, 'primitives'>,
  { account, keys, vaultSecret }: StoredVault,
  caller: Pick<RequestChannel, 'call'>,
): Promise<void> {
  const { vaultId: id, vaultMode, exemption } = account;
  const [unlockKey] = await readUnlockKeys(keys);
  if (vaultMode !== 'normal' || unlockKey === undefined) return;
  const blob = await sealVaultBlob(primitives, vaultSecret, { unlockKey, vaultId: id });
  await caller.call('vaults.store', { id, blob, exemption: sha256(exemption) });
  await caller.call('vaults.confirm', { id, blob: sha256(blob) });
}

export interface StoredVault {
  readonly account: AccountFile;
  readonly keys: Part;
  readonly vaultSecret: Secret;
}

/** What the passphrase opened is newer than anything that the account room says of unlock keys. */
export async function keepBundleKeys({ unlockKeys }: Way, keys: Part): Promise<void> {
  if (unlockKeys !== null) await keys.apply([keepUnlockKeys(unlockKeys)]);
}

async function keepChain({ platform }: EnrolmentContext, { way, account, own, vault }: Settling): Promise<void> {
  const { chain, statements } = own;
  const holder = { id: account.deviceId, kem: vault.keys.kem.secretKey };
  const seeds = await openSeeds(platform, own, holder);
  const rows: SqlStatement[] = [];
  for (const each of statements) {
    const { seq } = statement.parse(each.signed);
    rows.push({
      sql: 'INSERT OR IGNORE INTO chain (fingerprint, address, seq, envelope) VALUES (?, ?, ?, ?)',
      parameters: [chain.fingerprint, chain.address, seq, envelope.encode(each)],
    });
  }
  for (const each of seeds) {
    rows.push(keepSeed(each));
    each.seed.dispose();
  }
  await vault.parts.keys.apply([...rows, writeMeta(META.accountRoom, way.facts.accountRoom)]);
}
