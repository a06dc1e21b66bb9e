import { assert, describe, test } from 'vitest';
import { createCluster, issueDevice, primitives } from './cluster.fixture.ts';
import { hasOpenssl, Openssl } from './openssl.fixture.ts';
import { encodePem } from './pem.ts';
import { refuses } from './refuses.fixture.ts';
import { createRequest, verifyRequest } from './request.ts';
import { keySigner } from './signer.ts';

const cluster = await createCluster();
const p384 = await primitives.ecdsaP384.generate(null);
const signers = {
  hybrid: (await issueDevice(cluster, 'alpha@example.org', 'hybrid')).signer,
  classic: (await issueDevice(cluster, 'alpha@example.org', 'classic')).signer,
  'ecdsa-p384': await keySigner(primitives, 'ecdsa-p384', p384.secretKey),
};

describe.each(Object.entries(signers))('%s', (_, signer) => {
  test.skipIf(!hasOpenssl)('a request gives its key and openssl agrees', async () => {
    using openssl = new Openssl();
    const request = await createRequest(signer);
    assert.deepEqual((await verifyRequest(primitives, request)).der, signer.publicKey);
    openssl.write('request.pem', encodePem('CERTIFICATE REQUEST', request));
    assert.match(openssl.run('req -in request.pem -verify -noout'), /verify OK/);
  });

  test('a signature by another key proves nothing', async () => {
    const { secretKey } = await primitives.ecdsaP384.generate(null);
    const forger = await keySigner(primitives, 'ecdsa-p384', secretKey);
    const forged = await createRequest({ ...signer, sign: (message) => forger.sign(message) });
    await refuses('request-signature', () => verifyRequest(primitives, forged));
  });

  test('flipped bits and truncation are refused', async () => {
    const request = await createRequest(signer);
    for (let bit = 0; bit < request.length * 8; bit += 61) {
      const flipped = Uint8Array.from(request);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      await refuses(null, () => verifyRequest(primitives, flipped));
    }
    for (let length = 0; length < request.length; length++) {
      await refuses('der-malformed', () => verifyRequest(primitives, request.subarray(0, length)));
    }
    await refuses('der-malformed', () => verifyRequest(primitives, Uint8Array.of(...request, 0)));
  });
});

test.skipIf(!hasOpenssl)("openssl's requests with other names or keys are off profile", async () => {
  using openssl = new Openssl();
  openssl.run('req -new -newkey ed25519 -nodes -keyout k.pem -subj /CN=alpha -outform DER -out other.der');
  await refuses('request-profile', () => verifyRequest(primitives, openssl.read('other.der')));
  openssl.run('req -new -newkey rsa:2048 -nodes -keyout k.pem -subj "/CN=Sotto device" -outform DER -out weak.der');
  await refuses('request-profile', () => verifyRequest(primitives, openssl.read('weak.der')));
  openssl.run(
    'req -new -newkey ed25519 -nodes -keyout k.pem -subj "/CN=Sotto device" -outform DER -out ours.der -utf8',
  );
  assert.strictEqual((await verifyRequest(primitives, openssl.read('ours.der'))).algorithm, 'ed25519');
});
