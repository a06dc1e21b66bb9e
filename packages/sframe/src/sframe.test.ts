import { equal, hex, parseHex } from '@sotto/bytes';
import { portablePacketCiphers, Secret } from '@sotto/crypto';
import { nodePacketCiphers } from '@sotto/crypto/node';
import { codeOf, foreignVectors } from '@sotto/testing';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { cipherSuites } from './cipher-suite.ts';
import { FrameKey } from './frame-key.ts';
import { encodeHeader, parseHeader } from './header.ts';
import { FrameReceiver } from './receiver.ts';
import { ReplayWindow } from './replay-window.ts';
import { FrameSender } from './sender.ts';

const text = foreignVectors('sframe/test-vectors.json');
const text256 = foreignVectors('sframe/test-vectors-aes256.json');
const platforms = [
  { name: 'node', ciphers: nodePacketCiphers },
  { name: 'portable', ciphers: portablePacketCiphers },
];

describe.skipIf(text === null || text256 === null)('official vectors of RFC 9605', () => {
  const vectors = parseVectors(text ?? '{}');
  const vectors256 = parseVectors(text256 ?? '{}');

  test('headers', () => {
    assert.isAbove(vectors.header?.length ?? 0, 200);
    for (const { kid, ctr, encoded } of vectors.header ?? []) {
      const bytes = parseHex(encoded);
      assert.strictEqual(hex(encodeHeader({ keyId: kid, counter: ctr })), encoded);
      assert.deepEqual(parseHeader(bytes), { header: { keyId: kid, counter: ctr }, length: bytes.length });
    }
  });

  test.each(platforms)('frames of every suite: $name', ({ ciphers }) => {
    const cases = [...(vectors.sframe ?? []), ...(vectors256.sframe_aes_256_ctr_hmac ?? [])];
    assert.deepEqual(cases.map((each) => Number(each.cipher_suite)).toSorted(), [1, 2, 3, 4, 5, 6, 7, 8]);
    for (const vector of cases) {
      const suite = suiteOf(Number(vector.cipher_suite));
      const keyId = vector.kid;
      using key = new FrameKey({ ciphers, suite, keyId, baseKey: new Secret(parseHex(vector.base_key)) });
      const header = encodeHeader({ keyId, counter: vector.ctr });
      const sealed = key.seal(vector.ctr, parseHex(vector.aad), parseHex(vector.pt));
      assert.strictEqual(hex(header) + hex(sealed), vector.ct, suite.name);
      assert.strictEqual(hex(key.open(vector.ctr, parseHex(vector.aad), sealed)), vector.pt);
    }
  });
});

describe('headers', () => {
  const uint64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });

  test('round trip, and are cut off nowhere', () => {
    fc.assert(
      fc.property(uint64, uint64, (keyId, counter) => {
        const encoded = encodeHeader({ keyId, counter });
        assert.deepEqual(parseHeader(encoded), { header: { keyId, counter }, length: encoded.length });
        for (let length = 0; length < encoded.length; length++)
          assert.throws(() => parseHeader(encoded.subarray(0, length)));
      }),
    );
  });

  test.each(['8801', '8007', '890100', '0807', '0900aa'])('%s is not the shortest form', async (encoded) => {
    assert.strictEqual(await codeOf(() => parseHeader(parseHex(encoded))), 'header-malformed');
  });

  test('what has no 64 bits is refused', async () => {
    for (const keyId of [-1n, 1n << 64n])
      assert.strictEqual(await codeOf(() => encodeHeader({ keyId, counter: 0n })), 'header-malformed');
  });
});

describe.each(platforms)('frames between a sender and a receiver: $name', ({ ciphers }) => {
  test.each(cipherSuites)('$name: what was sealed opens once, and nothing else does', async (suite) => {
    const input = { ciphers, suite, keyId: 300n, baseKey: new Secret(new Uint8Array(16).fill(7)) };
    using sender = new FrameSender(input);
    using receiver = new FrameReceiver();
    receiver.addKey(input);
    const [plaintext, metadata] = [Uint8Array.of(1, 2, 3, 4), Uint8Array.of(9)];
    const frame = sender.seal(plaintext, metadata);
    for (let i = 0; i < frame.length; i++) {
      const altered = Uint8Array.from(frame);
      altered[i] = (altered[i] as number) ^ 1;
      assert.isNotNull(await codeOf(() => receiver.open(altered, metadata)), `byte ${i}`);
      assert.isNotNull(await codeOf(() => receiver.open(frame.subarray(0, i), metadata)), `cut at ${i}`);
    }
    assert.strictEqual(await codeOf(() => receiver.open(frame)), 'frame-refused');
    assert.isTrue(equal(receiver.open(frame, metadata).plaintext, plaintext));
    assert.strictEqual(await codeOf(() => receiver.open(frame, metadata)), 'frame-replayed');
    assert.strictEqual(receiver.open(sender.seal(plaintext)).counter, 1n);
  });

  test('under a key that is not known, or no longer, nothing opens', async () => {
    const [suite] = cipherSuites;
    assert.isDefined(suite);
    const input = { ciphers, suite, keyId: 1n, baseKey: new Secret(new Uint8Array(16)) };
    using sender = new FrameSender(input);
    using receiver = new FrameReceiver();
    assert.strictEqual(await codeOf(() => receiver.open(sender.seal(new Uint8Array(9)))), 'key-unknown');
    receiver.addKey({ ...input, baseKey: new Secret(new Uint8Array(16).fill(1)) });
    assert.strictEqual(await codeOf(() => receiver.open(sender.seal(new Uint8Array(9)))), 'frame-refused');
    receiver.addKey(input);
    receiver.open(sender.seal(new Uint8Array(9)));
    receiver.removeKey(1n);
    assert.strictEqual(await codeOf(() => receiver.open(sender.seal(new Uint8Array(9)))), 'key-unknown');
    for (let keyId = 0n; keyId < 128n; keyId++) receiver.addKey({ ...input, keyId });
    assert.strictEqual(await codeOf(() => receiver.addKey({ ...input, keyId: 128n })), 'too-many-keys');
  });
});

test('the replay window takes each counter once, as far back as it reaches', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.bigInt({ min: 0n, max: 60n })), (size, counters) => {
      const window = new ReplayWindow(size);
      const seen = new Set<bigint>();
      let newest = -1n;
      for (const counter of counters) {
        const expected = !seen.has(counter) && newest - counter < BigInt(size);
        assert.strictEqual(window.isFresh(counter), expected);
        if (!expected) continue;
        window.mark(counter);
        seen.add(counter);
        if (counter > newest) newest = counter;
      }
    }),
  );
});

interface FrameVector {
  readonly cipher_suite: bigint;
  readonly kid: bigint;
  readonly ctr: bigint;
  readonly base_key: string;
  readonly aad: string;
  readonly pt: string;
  readonly ct: string;
}

interface VectorFile {
  readonly header?: readonly { readonly kid: bigint; readonly ctr: bigint; readonly encoded: string }[];
  readonly sframe?: readonly FrameVector[];
  readonly sframe_aes_256_ctr_hmac?: readonly FrameVector[];
}

/** Numbers as they are written: some are longer than a double is exact. */
function parseVectors(json: string): VectorFile {
  return JSON.parse(json, (_name: string, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === 'number' ? BigInt(source ?? '') : value,
  );
}

function suiteOf(id: number) {
  const suite = cipherSuites.find((each) => each.id === id);
  if (suite === undefined) throw new Error(`no suite ${id}`);
  return suite;
}
