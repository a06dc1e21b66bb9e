import { type CborValue, utf8 } from '@sotto/bytes';
import { createSuite } from '@sotto/testing/suites/p384';
import { assert, describe, test } from 'vitest';
import { faultOf } from '../fault.fixture.ts';
import { platforms } from '../node/platform.fixture.ts';
import { Secret } from '../secret.ts';
import type { SealBinding, Suite } from '../suite.ts';
import { type SignatureTag, signatureTags } from '../tags.ts';
import { createSuites } from './registry.ts';

const binding: SealBinding = { purpose: 'sotto/seal/era-secret/v1', context: { era: 7, room: new Uint8Array(32) } };
const plaintext = new Uint8Array(32).fill(8);
const tags = Object.keys(signatureTags) as SignatureTag[];
const [node, web] = platforms.map(({ primitives }) => createSuites(primitives, [createSuite]).all);
const pairings = (node ?? []).flatMap((suite, i) => {
  const other = web?.[i] as Suite;
  return [
    { name: `${suite.name}, node to web`, one: suite, other },
    { name: `${suite.name}, web to node`, one: other, other: suite },
  ];
});

describe.each(pairings)('$name', ({ one, other }) => {
  test('what one seals the other opens, under the same binding and key alone', async () => {
    const pair = await other.kem.generate();
    const sealed = await one.kem.seal(pair.publicKey, binding, plaintext);
    const open = (as: SealBinding) => other.kem.open(pair.secretKey, as, sealed);
    assert.deepEqual((await open(binding)).unsafeExpose('test'), plaintext);
    const otherPurpose: SealBinding = { ...binding, purpose: 'sotto/seal/message-key/v1' };
    const contexts: CborValue[] = [null, { era: 8, room: new Uint8Array(32) }, { era: 7 }];
    assert.strictEqual(await faultOf(open(otherPurpose)), 'open-failed');
    for (const context of contexts) assert.strictEqual(await faultOf(open({ ...binding, context })), 'open-failed');
    const stranger = await other.kem.generate();
    assert.strictEqual(await faultOf(other.kem.open(stranger.secretKey, binding, sealed)), 'open-failed');
  });

  test('public keys follow from secret keys on both platforms', async () => {
    for (const part of ['kem', 'signature'] as const) {
      const pair = await one[part].generate();
      assert.deepEqual(await one[part].publicKey(pair.secretKey), pair.publicKey);
      assert.deepEqual(await other[part].publicKey(pair.secretKey), pair.publicKey);
    }
  });

  test('what one signs the other verifies, under the same tag and key alone', async () => {
    const pair = await one.signature.generate();
    const stranger = await other.signature.generate();
    for (const tag of tags) {
      const signature = await one.signature.sign(pair.secretKey, tag, utf8('message'));
      const verify = (key: Uint8Array, as: SignatureTag, message: string, bytes: Uint8Array) =>
        faultOf(other.signature.verify(key, as, utf8(message), bytes));
      assert.strictEqual(await verify(pair.publicKey, tag, 'message', signature), 'none');
      assert.strictEqual(await verify(pair.publicKey, tag, 'massage', signature), 'bad-signature');
      assert.strictEqual(await verify(stranger.publicKey, tag, 'message', signature), 'bad-signature');
      for (const wrong of tags.filter((each) => each !== tag)) {
        assert.strictEqual(await verify(pair.publicKey, wrong, 'message', signature), 'bad-signature');
      }
    }
  });

  test('user keys come back from their seed, or not at all', async () => {
    const seed = new Secret(plaintext);
    const made = await one.userKeys.generate(seed);
    const published = { room: made.room.publicKey, container: made.container.publicKey, wrapped: made.wrapped };
    const opened = await other.userKeys.open(seed, published);
    for (const use of ['room', 'container'] as const) {
      assert.isTrue(opened[use].secretKey.unsafeExpose('test').length > 0);
      assert.deepEqual(opened[use].secretKey.unsafeExpose('test'), made[use].secretKey.unsafeExpose('test'));
    }
    const sealed = await one.kem.seal(published.room, binding, plaintext);
    assert.deepEqual((await other.kem.open(opened.room.secretKey, binding, sealed)).unsafeExpose('test'), plaintext);
    const swapped = { ...published, room: published.container, container: published.room };
    assert.strictEqual(await faultOf(other.userKeys.open(seed, swapped)), 'open-failed');
    assert.strictEqual(await faultOf(other.userKeys.open(new Secret(new Uint8Array(32)), published)), 'open-failed');
    const longer = { ...published, wrapped: Uint8Array.of(...published.wrapped, 0) };
    assert.strictEqual(await faultOf(other.userKeys.open(seed, longer)), 'open-failed');
  });
});

describe.each((node ?? []).map((suite) => ({ suite, name: suite.name })))('$name', ({ suite }) => {
  test('refuses every cut and every changed part of what is sealed', async () => {
    const pair = await suite.kem.generate();
    const sealed = await suite.kem.seal(pair.publicKey, binding, plaintext);
    const open = (bytes: Uint8Array) => faultOf(suite.kem.open(pair.secretKey, binding, bytes));
    const step = 7;
    for (let i = 0; i < sealed.length; i += step) {
      const changed = Uint8Array.from(sealed);
      changed[i] = (changed[i] as number) ^ 1;
      assert.strictEqual(await open(changed), 'open-failed', `changed at ${i}`);
      assert.include(['sealed-malformed', 'open-failed'], await open(sealed.subarray(0, i)), `cut at ${i}`);
    }
    assert.strictEqual(await open(sealed.subarray(0, -1)), 'open-failed');
    assert.strictEqual(await open(Uint8Array.of(...sealed, 0)), 'open-failed');
    assert.strictEqual(await open(new Uint8Array()), 'sealed-malformed');
  });

  test('refuses malformed keys and signatures', async () => {
    const pair = await suite.signature.generate();
    const signature = await suite.signature.sign(pair.secretKey, 'sotto/statement/v1', plaintext);
    const verify = (key: Uint8Array, bytes: Uint8Array) =>
      faultOf(suite.signature.verify(key, 'sotto/statement/v1', plaintext, bytes));
    assert.strictEqual(await verify(pair.publicKey.subarray(1), signature), 'key-malformed');
    assert.strictEqual(await verify(Uint8Array.of(...pair.publicKey, 0), signature), 'key-malformed');
    for (const length of [0, 1, 32, 63, 64, 96, signature.length - 1]) {
      if (length < signature.length) {
        assert.strictEqual(await verify(pair.publicKey, signature.subarray(0, length)), 'bad-signature');
      }
    }
    assert.strictEqual(await verify(pair.publicKey, Uint8Array.of(...signature, 0)), 'bad-signature');
    const sealing = suite.kem.seal(new Uint8Array(10), binding, plaintext);
    assert.strictEqual(await faultOf(sealing), 'key-malformed');
  });

  test('makes a certificate key in DER', async () => {
    const { publicKey, secretKey } = await suite.certificateKey.generate();
    assert.strictEqual(publicKey[0], 0x30);
    assert.strictEqual(
      secretKey.use((pkcs8) => pkcs8[0]),
      0x30,
    );
  });
});
