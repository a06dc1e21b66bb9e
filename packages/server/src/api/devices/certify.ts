import { equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { type PublicKey, parseCertificate, type Subject, verifyRequest } from '@sotto/pki';
import { activeDevice, type Chain, currentUserKey, type DeviceName, ProtocolPolicyFault } from '@sotto/protocol';
import { type Account, accountOf, notAuthorised } from '../../accounts/accounts.ts';
import { chainOf } from '../../accounts/chains.ts';
import type { Handler, HandlerContext } from '../../handler.ts';
import { sessionAccount } from '../session.ts';

/**
 * Certifies the keys of a sign-up, or renews those that the account's chain lists: the device's own and the current
 * user key. Throws `der-malformed`, `request-profile`, `request-signature`, `key-unsuitable`, `not-authorised` for
 * other keys, `quota-exceeded`.
 */
export const certify: Handler<'devices.certify'> = async ({ name, csr, userKey }, context) => {
  const { store, cluster, primitives } = context;
  const account = await store.read((database) => accountOf(database, sessionAccount(context)));
  const chain = account.fingerprint === null ? null : await chainOf(store, account.fingerprint);
  const key = await verifyRequest(primitives, csr);
  checkKeys(context, { name, key, userKey, account, chain });
  await checkQuota(context, account);
  const { address } = account;
  const certificate = await issue(context, account, {
    subject: { profile: 'device', address, device: name },
    publicKey: key.der,
  });
  const userKeyCertificate =
    userKey === null
      ? null
      : await issue(context, account, { subject: { profile: 'user-key', address }, publicKey: userKey });
  return { certificate, userKeyCertificate, ca: cluster.caCertificate };
};

interface CertifiedKeys {
  readonly name: DeviceName;
  readonly key: PublicKey;
  readonly userKey: Uint8Array | null;
  readonly account: Account;
  readonly chain: Chain | null;
}

function checkKeys({ session, suites }: HandlerContext, { name, key, userKey, account, chain }: CertifiedKeys): void {
  const expected = suites.byId(account.suite).certificateKey.algorithm.replace(/^rsa-.*/, 'rsa');
  if (key.algorithm !== expected) throw notAuthorised("not a key of the account's suite");
  if (chain === null) return;
  const spki = sha256(key.der);
  const devices = session.kind === 'device' ? [activeDevice(chain, session.deviceId)] : [...chain.devices.values()];
  if (!devices.some((device) => device?.name === name && equal(device.spki, spki))) {
    throw notAuthorised('not a key of this device');
  }
  if (userKey !== null && !equal(userKey, currentUserKey(chain).container)) {
    throw notAuthorised('not the current user key');
  }
}

/** A client renews once in a while; one that asks all the time is out of order. */
async function checkQuota({ store, now }: HandlerContext, { id }: Account): Promise<void> {
  const since = now() + CERTIFICATE_MILLISECONDS - DAY_MILLISECONDS;
  const { count } = await store.read((database) =>
    database
      .selectFrom('certificates')
      .select((row) => row.fn.countAll<number>().as('count'))
      .where('account_id', '=', id)
      .where('not_after', '>', since)
      .executeTakeFirstOrThrow(),
  );
  if (count >= MAX_CERTIFICATES_A_DAY) throw new ProtocolPolicyFault('quota-exceeded', 'too many certificates today');
}

async function issue(
  { store, cluster }: HandlerContext,
  account: Account,
  { subject, publicKey }: { readonly subject: Subject; readonly publicKey: Uint8Array },
): Promise<Uint8Array> {
  const der = await cluster.certify(subject, publicKey);
  const { serial, notAfterMs } = parseCertificate(der);
  await store.transact((database) =>
    database
      .insertInto('certificates')
      .values({
        serial,
        account_id: account.id,
        name: subject.profile === 'device' ? subject.device : null,
        spki: sha256(publicKey),
        der,
        not_after: notAfterMs,
        revoked_at: null,
      })
      .execute(),
  );
  return der;
}

const DAY_MILLISECONDS = 24 * 3600 * 1000;
const CERTIFICATE_MILLISECONDS = 90 * DAY_MILLISECONDS;
const MAX_CERTIFICATES_A_DAY = 50;
