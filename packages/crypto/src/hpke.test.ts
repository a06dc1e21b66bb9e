import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concat, hex, parseHex, utf8 } from '@sotto/bytes';
import { foreignVectors } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { dhkemX25519 } from './dhkem.fixture.ts';
import { faultOf } from './fault.fixture.ts';
import { HpkeContext, keySchedule, setupBaseReceiver, setupBaseSender } from './hpke.ts';
import { platforms } from './node/platform.fixture.ts';
import { Secret } from './secret.ts';
import { X_WING_CIPHERTEXT_BYTES, xWing } from './x-wing.ts';

const classicText = foreignVectors('hpke/hpke_rfc9180_boringssl.txt');
const postQuantumText = foreignVectors('hpke/hpke-pq.json');

describe.each(platforms)('HPKE on $name', (platform) => {
  test.skipIf(classicText === null)('gives what RFC 9180 says: DHKEM(X25519), HKDF-SHA256, AES-256-GCM', async () => {
    const vectors = parseBlocks(classicText ?? '').filter((vector) => vector.is({ mode: 0, kem: 32, kdf: 1, aead: 2 }));
    assert.strictEqual(vectors.length, 1);
    for (const vector of vectors) {
      const info = vector.bytes('info');
      const secretKey = new Secret(vector.bytes('skRm'));
      const kem = dhkemX25519(platform.primitives);
      const receiver = await setupBaseReceiver(kem, secretKey, { enc: vector.bytes('enc'), info });
      // What the file calls the seed is, for X25519, the ephemeral secret key itself.
      const scripted = platform.scripted(vector.bytes('sender_seed'));
      const sender = await setupBaseSender(dhkemX25519(scripted), vector.bytes('pkRm'), info);
      assert.strictEqual(hex(sender.enc), hex(vector.bytes('enc')));
      assert.isAbove(vector.encryptions.length, 3);
      for (const { aad, ct, pt } of vector.encryptions) {
        assert.strictEqual(hex(await receiver.open(platform.primitives, aad, ct)), hex(pt));
        assert.strictEqual(hex(await sender.context.seal(platform.primitives, aad, pt)), hex(ct));
      }
      assert.isAbove(vector.exports.length, 1);
      for (const { context, length, value } of vector.exports) {
        assert.strictEqual(hex(receiver.export(context, length)), hex(value));
      }
    }
  });

  test.skipIf(postQuantumText === null)('gives what the vectors with X-Wing say', async () => {
    const vectors = (JSON.parse(postQuantumText ?? '[]') as readonly PostQuantumVector[]).filter(
      ({ kem_id, kdf_id }) => kem_id === 0x647a && kdf_id === 1,
    );
    assert.strictEqual(vectors.length, 1);
    for (const vector of vectors) {
      const kem = xWing(platform.primitives);
      const sharedSecret = await kem.decapsulate(new Secret(parseHex(vector.skRm)), parseHex(vector.enc));
      assert.strictEqual(sharedSecret.use(hex), vector.shared_secret);
      const parameters = { kemId: 0x647a, aeadId: vector.aead_id, info: parseHex(vector.info) };
      const schedule = keySchedule(sharedSecret, parameters);
      assert.strictEqual(schedule.key.use(hex), vector.key);
      assert.strictEqual(hex(schedule.baseNonce), vector.base_nonce);
      assert.strictEqual(schedule.exporterSecret.use(hex), vector.exporter_secret);
      const context = new HpkeContext(schedule);
      for (const { exporter_context, L, exported_value } of vector.exports) {
        assert.strictEqual(hex(context.export(parseHex(exporter_context), L)), exported_value);
      }
      // The published AEAD with this KEM is ChaCha20-Poly1305, which our suites do not use.
      const { aad, ct, pt } = vector.encryptions[0] ?? { aad: '', ct: '', pt: '' };
      const cipher = schedule.key.use((key) => chacha20poly1305(key, schedule.baseNonce, parseHex(aad)));
      assert.strictEqual(hex(cipher.decrypt(parseHex(ct))), pt);
    }
  });

  test('binds info and aad, and goes on in order', async () => {
    const kem = xWing(platform.primitives);
    const hpke = { id: 0x647a, ciphertextBytes: X_WING_CIPHERTEXT_BYTES, kem };
    const secretKey = new Secret(platform.primitives.randomBytes(32));
    const { enc, context } = await setupBaseSender(hpke, await kem.publicKey(secretKey), utf8('info'));
    const first = await context.seal(platform.primitives, utf8('a'), utf8('one'));
    const second = await context.seal(platform.primitives, utf8('a'), utf8('two'));
    const receive = (info: string) => setupBaseReceiver(hpke, secretKey, { enc, info: utf8(info) });
    const receiver = await receive('info');
    assert.deepEqual(await receiver.open(platform.primitives, utf8('a'), first), utf8('one'));
    assert.deepEqual(await receiver.open(platform.primitives, utf8('a'), second), utf8('two'));
    assert.strictEqual(
      await faultOf((await receive('info')).open(platform.primitives, utf8('a'), second)),
      'open-failed',
    );
    assert.strictEqual(
      await faultOf((await receive('info')).open(platform.primitives, utf8('b'), first)),
      'open-failed',
    );
    assert.strictEqual(
      await faultOf((await receive('other')).open(platform.primitives, utf8('a'), first)),
      'open-failed',
    );
    const joined = concat(receiver.export(utf8('x'), 32), context.export(utf8('x'), 32));
    assert.deepEqual(joined.subarray(0, 32), joined.subarray(32));
  });
});

interface PostQuantumVector {
  readonly kem_id: number;
  readonly kdf_id: number;
  readonly aead_id: number;
  readonly info: string;
  readonly skRm: string;
  readonly enc: string;
  readonly shared_secret: string;
  readonly key: string;
  readonly base_nonce: string;
  readonly exporter_secret: string;
  readonly encryptions: readonly Readonly<Record<'aad' | 'ct' | 'pt', string>>[];
  readonly exports: readonly {
    readonly exporter_context: string;
    readonly L: number;
    readonly exported_value: string;
  }[];
}

/** BoringSSL's text form: blocks of `name = value` between empty lines, comments before each encryption and export. */
class Block {
  readonly #fields: readonly (readonly [string, string])[];

  constructor(text: string) {
    const lines = text.split('\n').filter((line) => line.includes(' ='));
    this.#fields = lines.map((line) => [line.split(' =')[0] ?? '', (line.split(' =')[1] ?? '').trim()] as const);
  }

  is(ids: { readonly mode: number; readonly kem: number; readonly kdf: number; readonly aead: number }): boolean {
    const found = ['mode', 'kem_id', 'kdf_id', 'aead_id'].map((name) => Number(this.#all(name)[0]));
    return found.join() === [ids.mode, ids.kem, ids.kdf, ids.aead].join();
  }

  bytes(name: string): Uint8Array {
    return parseHex(this.#all(name)[0] ?? 'missing');
  }

  get encryptions(): { aad: Uint8Array; ct: Uint8Array; pt: Uint8Array }[] {
    const [aads, cts, pts] = [this.#all('aad'), this.#all('ct'), this.#all('pt')];
    return aads.map((aad, i) => ({ aad: parseHex(aad), ct: parseHex(cts[i] ?? ''), pt: parseHex(pts[i] ?? '') }));
  }

  get exports(): { context: Uint8Array; length: number; value: Uint8Array }[] {
    const [contexts, lengths, values] = [this.#all('exporter_context'), this.#all('L'), this.#all('exported_value')];
    return contexts.map((context, i) => ({
      context: parseHex(context),
      length: Number(lengths[i]),
      value: parseHex(values[i] ?? ''),
    }));
  }

  #all(name: string): string[] {
    return this.#fields.filter(([field]) => field === name).map(([, value]) => value);
  }
}

function parseBlocks(text: string): Block[] {
  return text.split(/\n\n+/).map((block) => new Block(block));
}
