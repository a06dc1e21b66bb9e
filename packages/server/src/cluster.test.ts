import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodePrimitives } from '@sotto/crypto/node';
import { parseCertificate, verifyAuthority, verifyCertificate } from '@sotto/pki';
import { verifyHead } from '@sotto/protocol';
import { afterEach, assert, beforeEach, test } from 'vitest';
import { type Cluster, loadCluster } from './cluster.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sotto-cluster-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('the first start makes a cluster, later ones load it', async () => {
  const first = await load();
  const second = await load();
  assert.deepEqual(second.caFingerprint, first.caFingerprint);
  assert.deepEqual(second.channelCertificate, first.channelCertificate);
  assert.deepEqual(second.headPublicKeys, first.headPublicKeys);
  assert.deepEqual(second.opaque.publicKey, first.opaque.publicKey);
  assert.strictEqual(second.tls.keyPem, first.tls.keyPem);
});

test('its certificates verify under its CA', async () => {
  const cluster = await load();
  const ca = await verifyAuthority(cluster.caCertificate, { primitives, fingerprint: cluster.caFingerprint });
  for (const [profile, der] of [
    ['channel', cluster.channelCertificate],
    ['head', cluster.headCertificates[0]],
  ] as const) {
    const verified = await verifyCertificate(parseCertificate(der as Uint8Array), {
      primitives,
      ca,
      profile,
      atMs: clock,
    });
    assert.strictEqual(verified.subjectNames.profile, profile);
  }
});

test('key files are for their owner alone', async () => {
  await load();
  for (const name of ['ca.pkcs8', 'channel.seed', 'head.seed', 'tls.pkcs8', 'opaque.setup']) {
    assert.strictEqual(statSync(join(directory, 'keys', name)).mode & 0o777, 0o600, name);
  }
  assert.strictEqual(statSync(join(directory, 'keys')).mode & 0o777, 0o700);
});

test('a missing key is never made anew', async () => {
  await load();
  rmSync(join(directory, 'keys', 'opaque.setup'));
  await refused(load(), 'data-unusable');
});

test('the domain does not change', async () => {
  await load();
  await refused(load('example.net'), 'domain-mismatch');
});

test('a certificate that is about to expire is renewed, the CA stays', async () => {
  const first = await load();
  const later = await load('example.org', clock + 300 * 24 * 3600 * 1000);
  assert.notDeepEqual(later.channelCertificate, first.channelCertificate);
  assert.deepEqual(later.caCertificate, first.caCertificate);
});

test('one extent is signed once an hour', async () => {
  let now = clock;
  const cluster = await loadCluster(directory, { domain: 'example.org', primitives, incarnation: 1, now: () => now });
  const subject = { kind: 'room', id: new Uint8Array(32) } as const;
  const extent = { length: 3, hash: new Uint8Array(32).fill(7) };
  const head = await cluster.heads.sign(subject, extent);
  await verifyHead(primitives, cluster.headPublicKeys, { subject, head });
  now += 60_000;
  assert.deepEqual(await cluster.heads.sign(subject, extent), head);
  now += 3_600_000;
  assert.strictEqual((await cluster.heads.sign(subject, extent)).at, now);
  assert.strictEqual((await cluster.heads.sign(subject, extent, 5)).at, 5);
  now += 40 * 3_600_000;
  await cluster.heads.sign(subject, extent);
  now -= 40 * 3_600_000;
  assert.strictEqual((await cluster.heads.sign(subject, extent)).at, now, 'a clock that was put back');
});

function load(domain = 'example.org', at = clock): Promise<Cluster> {
  return loadCluster(directory, { domain, primitives, incarnation: 1, now: () => at });
}

async function refused(promise: Promise<unknown>, code: string): Promise<void> {
  const cause = await promise.then(
    () => null,
    (caught: unknown) => caught,
  );
  assert.strictEqual((cause as { code?: string } | null)?.code, code);
}

const primitives = nodePrimitives();
const clock = Date.UTC(2026, 0, 5);
