import { equal } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { parseCertificate } from '@sotto/pki';
import type { AccountFile } from './account-file.ts';
import { isRenewalDue, orderCertificates } from './certificates.ts';
import type { Cluster } from './cluster.ts';
import { ServerLink } from './connection.ts';
import { keyFilePassword } from './device-p12.ts';
import { confirmRevocation } from './devices/revocation.ts';
import { renewVault } from './devices/vault-renewal.ts';
import { blobLink } from './files/blob-link.ts';
import { loadIdentity } from './identity.ts';
import { logKey } from './key-log.ts';
import type { Platform, VaultStorage } from './ports.ts';
import { clusterKem } from './registration.ts';
import type { OwnIdentity, Session } from './session.ts';
import { newestUserKey } from './user-keys.ts';
import type { Vault } from './vault.ts';
import { vaultCare } from './vault-care.ts';

/** A session that its opener closes: connection, parts, keys. */
export interface OpenSession extends Session {
  /**
   * What opens this vault as it is now, for whoever takes over when this program ends, such as another tab of a browser:
   * theirs to keep in memory alone and to dispose of.
   */
  vaultSecret(): Secret;
  close(): Promise<void>;
}

export interface OpenSessionInput {
  readonly account: AccountFile;
  readonly vault: Vault;
  /** Set where the vault secret is to be replaced as soon as the server is there. */
  readonly renewal: Renewal | null;
}

/** Puts a session on an open vault; closes the vault if that fails. Throws `vault-damaged`. */
export async function openSession(
  platform: Platform,
  storage: VaultStorage,
  { account, vault, renewal }: OpenSessionInput,
): Promise<OpenSession> {
  const password = keyFilePassword(vault.keys.masterKey, account.vaultId);
  try {
    const identity = await loadIdentity(platform, { account, vault, storage, password });
    const link = new ServerLink(platform, clusterOf(platform, account), {
      mode: 'device',
      account: account.fingerprint,
      device: account.deviceId,
      kem: identity.suite.kem,
      secretKey: identity.kem.secretKey,
    });
    const { primitives, suites, clock } = platform;
    const { keys, contacts, history } = vault.parts;
    const blobs = blobLink(platform, account);
    const care = vaultCare(platform, storage, { account, vault, link });
    const session: Session = { identity, link, blobs, primitives, suites, clock, keys, contacts, history, care };
    let upkeep: Promise<void> = Promise.resolve();
    link.onConnected(() => {
      upkeep = keepUp(platform, storage, { session, password, renewal });
    });
    link.onRevoked(() => confirmRevocation(session));
    return {
      ...session,
      vaultSecret: () => vault.secret.use((bytes) => new Secret(bytes)),
      async close() {
        link.close();
        await upkeep;
        password.dispose();
        wipe(identity);
        await vault.close();
      },
    };
  } catch (cause) {
    password.dispose();
    await vault.close();
    throw cause;
  }
}

/** The home server of an account. */
export function clusterOf({ suites }: Platform, { origin, caFingerprint, domain, suite }: AccountFile): Cluster {
  return { origin, caFingerprint, domain, kem: clusterKem(suites.byId(suite)) };
}

/** What is done once a run, when the server is there. */
async function keepUp(
  platform: Platform,
  storage: VaultStorage,
  {
    session,
    password,
    renewal,
  }: { readonly session: Session; readonly password: Secret; readonly renewal: Renewal | null },
): Promise<void> {
  await renew(platform, storage, { session, password });
  if (renewal !== null) await renewVault(session, renewal);
}

type Renewal = Parameters<Session['care']['renew']>[0];

/** Renews the certificates in their last 30 days. What goes wrong is told in the key log: there are weeks to try again. */
async function renew(
  platform: Platform,
  storage: VaultStorage,
  { session, password }: { readonly session: Session; readonly password: Secret },
): Promise<void> {
  const { identity, link, keys, clock } = session;
  if (!isRenewalDue(identity.certificate, clock.now()) && !isOutdated(identity)) return;
  try {
    const { secretKey } = await identity.certificateKey();
    const { address, deviceName, suite, caFingerprint } = identity;
    const containerKey = newestUserKey(identity).keys.container.publicKey;
    const order = { address, deviceName, suite, caFingerprint, certificateKey: secretKey, containerKey };
    const certify = (input: Parameters<typeof link.call<'devices.certify'>>[1]) => link.call('devices.certify', input);
    await orderCertificates(platform, { storage, keys, password }, { order, certify });
    await keys.apply([logKey(clock, { event: 'certificate/renewed' })]);
  } catch (cause) {
    await keys.apply([logKey(clock, { event: 'certificate/not-renewed' }, cause)]);
  }
}

/** Whether the certificate of the user key is of a generation before. */
function isOutdated(identity: OwnIdentity): boolean {
  const { userKeyCertificate } = identity;
  if (userKeyCertificate === null) return false;
  return !equal(parseCertificate(userKeyCertificate).publicKey, newestUserKey(identity).keys.container.publicKey);
}

function wipe({ userKeys }: OwnIdentity): void {
  for (const { seed, keys } of userKeys) {
    for (const secret of [seed, keys.room.secretKey, keys.container.secretKey]) secret.dispose();
  }
}
