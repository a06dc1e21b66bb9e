import { Secret, sha256 } from '@sotto/crypto';
import { activeDevice, type ChainDevice, currentUserKey, envelope, statement } from '@sotto/protocol';
import type { AccountFile } from '../account-file.ts';
import { orderCertificates } from '../certificates.ts';
import { openChannel } from '../cluster.ts';
import { keyFilePassword } from '../device-p12.ts';
import { META } from '../enrolment.ts';
import { readMeta, writeMeta } from '../meta.ts';
import type { SqlStatement } from '../ports.ts';
import { clusterKem } from '../registration.ts';
import type { RequestChannel } from '../request-channel.ts';
import { sealVaultBlob } from '../sign-in.ts';
import type { Vault } from '../vault.ts';
import type { EnrolmentContext, Way } from './enrol-device.ts';
import type { OwnChain } from './own-chain.ts';
import { openAllSeeds } from './seeds.ts';

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
  const { way, account, vault } = settling;
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
    await storeVaultSecret(context, settling, channel);
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

/** What was stored by an attempt that broke off is replaced: its own key is the same, its bytes are not. */
async function storeVaultSecret(
  { platform }: EnrolmentContext,
  { way, account, vaultSecret }: Settling,
  channel: RequestChannel,
): Promise<void> {
  const { vaultId, vaultMode, exemption } = account;
  if (vaultMode !== 'normal' || way.unlockKey === null) return;
  const blob = await sealVaultBlob(platform.primitives, vaultSecret, { unlockKey: way.unlockKey, vaultId });
  await channel.call('vaults.store', { id: vaultId, blob, exemption: sha256(exemption) });
  await channel.call('vaults.confirm', { id: vaultId, blob: sha256(blob) });
}

async function keepChain({ platform }: EnrolmentContext, { way, account, own, vault }: Settling): Promise<void> {
  const { chain, statements } = own;
  const device = activeDevice(chain, account.deviceId) as ChainDevice;
  const seeds = await openAllSeeds(platform, own, { device, kem: vault.keys.kem.secretKey });
  const rows: SqlStatement[] = [];
  for (const each of statements) {
    const { seq } = statement.parse(each.signed);
    rows.push({
      sql: 'INSERT OR IGNORE INTO chain (fingerprint, address, seq, envelope) VALUES (?, ?, ?, ?)',
      parameters: [chain.fingerprint, chain.address, seq, envelope.encode(each)],
    });
  }
  for (const { generation, seed } of seeds) {
    rows.push(writeMeta(`user-key/${generation}`, seed.unsafeExpose('kept in the encrypted vault')));
    seed.dispose();
  }
  await vault.parts.keys.apply([...rows, writeMeta(META.accountRoom, way.facts.accountRoom)]);
}
