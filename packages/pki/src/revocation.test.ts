import { hex } from '@sotto/bytes';
import { assert, test } from 'vitest';
import { createCluster, DAY_MS, issueDevice, NOW_MS, primitives } from './cluster.fixture.ts';
import { hasOpenssl, Openssl } from './openssl.fixture.ts';
import { encodePem } from './pem.ts';
import { refuses } from './refuses.fixture.ts';
import { issueRevocationList, parseRevocationList, verifyRevocationList } from './revocation.ts';
import { verifyCertificate } from './verify.ts';

const cluster = await createCluster();
const ca = cluster.certificate;
const [good, bad] = [await issueDevice(cluster, 'alpha@example.org'), await issueDevice(cluster, 'bravo@example.org')];
const serials = new Map([[hex(bad.certificate.serial), NOW_MS]]);
const order = { serials, number: 7, atMs: NOW_MS, nextUpdateMs: NOW_MS + DAY_MS };
const list = await issueRevocationList(cluster, order);
const at = { primitives, ca, atMs: NOW_MS };

test('a list says who is revoked', async () => {
  const revocations = await verifyRevocationList(list, at);
  assert.strictEqual(revocations.number, 7);
  assert.deepEqual(revocations.serials, serials);
  const options = { ...at, profile: 'device', revocations } as const;
  await verifyCertificate(good.certificate, options);
  await refuses('certificate-revoked', () => verifyCertificate(bad.certificate, options));
});

test.skipIf(!hasOpenssl)('openssl reads the list and obeys it', () => {
  using openssl = new Openssl();
  openssl.write('ca.pem', encodePem('CERTIFICATE', ca.der));
  openssl.write('crl.pem', encodePem('X509 CRL', list));
  openssl.write('good.pem', encodePem('CERTIFICATE', good.certificate.der));
  openssl.write('bad.pem', encodePem('CERTIFICATE', bad.certificate.der));
  assert.match(openssl.run('crl -in crl.pem -CAfile ca.pem -noout -crlnumber'), /verify OK\s+crlNumber=0x07/i);
  assert.include(openssl.run('verify -crl_check -CRLfile crl.pem -CAfile ca.pem good.pem'), 'good.pem: OK');
  assert.isTrue(openssl.refuses('verify -crl_check -CRLfile crl.pem -CAfile ca.pem bad.pem'));
});

test('an empty list is a list', async () => {
  const empty = await issueRevocationList(cluster, { ...order, serials: new Map() });
  assert.strictEqual((await verifyRevocationList(empty, at)).serials.size, 0);
});

test('D4 old, early, foreign and changed lists are refused', async () => {
  await refuses('crl-rollback', () => verifyRevocationList(list, { ...at, newestNumber: 8 }));
  await refuses('crl-stale', () => verifyRevocationList(list, { ...at, atMs: NOW_MS + 2 * DAY_MS }));
  await refuses('crl-stale', () => verifyRevocationList(list, { ...at, atMs: NOW_MS - DAY_MS }));
  const twin = await createCluster();
  await refuses('crl-profile', () => verifyRevocationList(list, { ...at, ca: twin.certificate }));
  const forged = await issueRevocationList({ ...cluster, signer: twin.signer }, order);
  await refuses('crl-signature', () => verifyRevocationList(forged, at));
});

test('flipped bits, truncation and a trailing byte are refused', async () => {
  for (let bit = 0; bit < list.length * 8; bit += 7) {
    const flipped = Uint8Array.from(list);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    await refuses(null, () => verifyRevocationList(flipped, at));
  }
  for (let length = 0; length < list.length; length++) {
    await refuses('der-malformed', () => verifyRevocationList(list.subarray(0, length), at));
  }
  await refuses('der-malformed', async () => parseRevocationList(Uint8Array.of(...list, 0)));
});
