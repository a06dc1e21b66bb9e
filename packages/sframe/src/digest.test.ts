import { concat, decodeCbor, encodeCbor, utf8 } from '@sotto/bytes';
import { createSuites, Secret } from '@sotto/crypto';
import { nodePacketCiphers, nodePrimitives } from '@sotto/crypto/node';
import { codeOf } from '@sotto/testing';
import fc from 'fast-check';
import { assert, beforeAll, describe, test } from 'vitest';
import { cipherSuites } from './cipher-suite.ts';
import { DigestSigner } from './digest-signer.ts';
import { DigestVerifier } from './digest-verifier.ts';
import { encodeDigest, encodeEnvelope, parseDigest, parseEnvelope } from './frame-digest.ts';
import { FrameReceiver } from './receiver.ts';
import { FrameSender } from './sender.ts';

const { signature } = createSuites(nodePrimitives()).byName('hybrid');
const [alice, mallory] = await Promise.all([signature.generate(), signature.generate()]);
const suite = cipherSuites.find(({ name }) => name === 'AES_128_GCM_SHA256_128');
const CONFERENCE = utf8('a room and its era');
const ALICE = 5n;

describe('G1: a member who speaks under the key id of another', () => {
  let scene: Scene;
  beforeAll(() => {
    scene = new Scene();
  });

  test('attack by frames in the place of hers', async () => {
    const { alices, forger, hear, verifier } = scene;
    alices.add(alices.seal('hello'));
    assert.isNull(hear(forger.seal(utf8('goodbye'))));
    assert.deepEqual(await verifier.take(await alices.digest()), { keyId: ALICE, genuine: 0, forged: [0n] });
  });

  test('attack by a frame with the same tag', async () => {
    const { alices, verifier } = new Scene();
    const frame = alices.seal('hello');
    alices.add(frame);
    // What somebody who has the key can work out.
    const twin = frame.map((byte, i) => (i === 3 ? byte ^ 1 : byte));
    verifier.opened(twin, 0);
    assert.deepEqual((await verifier.take(await alices.digest())).forged, [0n]);
  });

  test('attack by a frame that comes after the digest', async () => {
    const { alices, forger, hear, verifier } = new Scene();
    alices.add(alices.seal('hello'));
    await verifier.take(await alices.digest());
    assert.strictEqual(hear(forger.seal(utf8('goodbye'))), 'forged');
  });

  test('attack by digests under another key, of another conference, and altered', async () => {
    const { forger, verifier } = new Scene();
    const frame = forger.seal(utf8('goodbye'));
    for (const signer of [signerOf(mallory.secretKey), signerOf(alice.secretKey, utf8('another room'))]) {
      signer.add(frame);
      const [digest] = await signer.flush();
      assert.strictEqual(await codeOf(() => verifier.take(digest as Uint8Array)), 'digest-refused');
    }
    const signer = signerOf(alice.secretKey);
    signer.add(frame);
    const [digest] = await signer.flush();
    const { signed, signature: made } = parseEnvelope(digest as Uint8Array);
    const moved = encodeDigest({ ...parseDigest(signed), first: 7n });
    assert.strictEqual(await codeOf(() => verifier.take(encodeEnvelope(moved, made))), 'digest-refused');
  });

  test('attack by frames that no digest has', () => {
    const { hear, forger, verifier } = new Scene();
    for (let i = 0; i < 3; i++) hear(forger.seal(utf8('goodbye')), 1000 + i);
    assert.deepEqual(verifier.overdue(5000), [{ keyId: ALICE, counters: [0n] }]);
    assert.deepEqual(verifier.overdue(6000), [{ keyId: ALICE, counters: [1n, 2n] }]);
    assert.deepEqual(verifier.overdue(9000), []);
  });

  test('control: her own frames, some lost, some late', async () => {
    const { alices, hear, verifier } = new Scene();
    const frames = Array.from({ length: 6 }, (_, i) => alices.seal(`${i}`));
    for (const frame of frames) alices.add(frame);
    for (const i of [1, 0, 4]) hear(frames[i] as Uint8Array);
    assert.deepEqual(await verifier.take(await alices.digest()), { keyId: ALICE, genuine: 3, forged: [] });
    assert.strictEqual(hear(frames[5] as Uint8Array), 'genuine');
    assert.deepEqual(verifier.overdue(1e6), []);
  });
});

describe('G4: somebody who left', () => {
  const left = { keyId: ALICE, baseKey: new Secret(new Uint8Array(16).fill(1)) };
  const next = { keyId: ALICE + 256n, baseKey: new Secret(new Uint8Array(16).fill(2)) };

  test('attack by frames under the keys of the time before', async () => {
    using receiver = new FrameReceiver();
    using gone = new FrameSender(inputOf(left));
    receiver.addKey(inputOf(left));
    receiver.open(gone.seal(utf8('I am here')));
    receiver.removeKey(left.keyId);
    receiver.addKey(inputOf(next));
    assert.strictEqual(await codeOf(() => receiver.open(gone.seal(utf8('still')))), 'key-unknown');
    using guessing = new FrameSender(inputOf({ ...left, keyId: next.keyId }));
    assert.strictEqual(await codeOf(() => receiver.open(guessing.seal(utf8('still')))), 'frame-refused');
  });

  test('attack by listening on with them', async () => {
    using gone = new FrameReceiver();
    gone.addKey(inputOf(left));
    using staying = new FrameSender(inputOf(left));
    gone.open(staying.seal(utf8('before')));
    using rekeyed = new FrameSender(inputOf(next));
    gone.removeKey(left.keyId);
    gone.addKey(inputOf({ ...left, keyId: next.keyId }));
    assert.strictEqual(await codeOf(() => gone.open(staying.seal(utf8('more')))), 'key-unknown');
    assert.strictEqual(await codeOf(() => gone.open(rekeyed.seal(utf8('after')))), 'frame-refused');
  });

  test('control: those who stay', () => {
    using receiver = new FrameReceiver();
    using staying = new FrameSender(inputOf(next));
    receiver.addKey(inputOf(next));
    assert.strictEqual(receiver.open(staying.seal(utf8('hello'))).keyId, next.keyId);
  });
});

describe('digests', () => {
  const uint64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_0000n });
  const digests = fc.record({
    ...{ conference: fc.uint8Array({ minLength: 1, maxLength: 64 }), keyId: uint64, first: uint64 },
    frames: fc.array(fc.uint8Array({ minLength: 16, maxLength: 16 }), { minLength: 1, maxLength: 512 }),
  });

  test('are read as they were written, and are cut off nowhere', async () => {
    fc.assert(
      fc.property(digests, (digest) => assert.deepEqual(parseDigest(encodeDigest(digest)), digest)),
      {
        numRuns: 30,
      },
    );
    const whole = encodeDigest({ conference: CONFERENCE, keyId: 1n, first: 2n, frames: [new Uint8Array(16)] });
    for (const [bytes, parse] of [
      [whole, parseDigest],
      [encodeEnvelope(whole, new Uint8Array(64)), parseEnvelope],
    ] as const) {
      for (let i = 0; i < bytes.length; i++)
        assert.strictEqual(await codeOf(() => parse(bytes.subarray(0, i))), 'digest-malformed');
      assert.strictEqual(await codeOf(() => parse(concat(bytes, Uint8Array.of(0)))), 'digest-malformed');
    }
  });

  test.each([
    { v: 2 },
    { conference: new Uint8Array() },
    { conference: new Uint8Array(65) },
    { key: new Uint8Array(7) },
    { first: 1 },
    { first: new Uint8Array(8).fill(255), frames: new Uint8Array(32) },
    { frames: new Uint8Array() },
    { frames: new Uint8Array(17) },
    { frames: new Uint8Array(513 * 16) },
    { more: true },
  ])('%o is not one', async (change) => {
    const frames = [new Uint8Array(16)];
    const right = decodeCbor(encodeDigest({ conference: CONFERENCE, keyId: 1n, first: 2n, frames })) as object;
    assert.isNull(await codeOf(() => parseDigest(encodeCbor({ ...right }))));
    assert.strictEqual(await codeOf(() => parseDigest(encodeCbor({ ...right, ...change }))), 'digest-malformed');
  });

  test('have every frame of a key, each once', async () => {
    const { alices, verifier } = new Scene();
    for (let i = 0; i < 600; i++) alices.add(alices.seal('hello'));
    const first = await alices.signer.flush();
    assert.deepEqual(
      first.map((each) => parseDigest(parseEnvelope(each).signed).frames.length),
      [512, 88],
    );
    assert.deepEqual(await alices.signer.flush(), []);
    for (const digest of first) await verifier.take(digest);
    for (const digest of first) assert.strictEqual(await codeOf(() => verifier.take(digest)), 'digest-replayed');
    alices.seal('never signed');
    assert.strictEqual(await codeOf(() => alices.add(alices.seal('hello'))), 'frame-skipped');
  });

  test('hold nothing without bound', async () => {
    const { verifier } = new Scene();
    const key = inputOf({ keyId: 9n, baseKey: new Secret(new Uint8Array(16)) });
    using sender = new FrameSender(key);
    for (let i = 0; i < 5000; i++) verifier.opened(sender.seal(new Uint8Array()), 0);
    assert.lengthOf(verifier.overdue(0)[0]?.counters ?? [], 1024);
    assert.lengthOf(verifier.overdue(4000)[0]?.counters ?? [], 1024);
    for (let keyId = 100n; keyId < 227n; keyId++)
      verifier.opened(new FrameSender({ ...key, keyId }).seal(new Uint8Array()), 0);
    const more = new FrameSender({ ...key, keyId: 227n }).seal(new Uint8Array());
    assert.strictEqual(await codeOf(() => verifier.opened(more, 0)), 'too-many-keys');
    verifier.forget(100n);
    assert.isNull(await codeOf(() => verifier.opened(more, 0)));
  });
});

/** Alice, who signs what she sends, and Mallory, who has the same key as everybody. */
class Scene {
  readonly verifier = new DigestVerifier({
    conference: CONFERENCE,
    verify: (_keyId, { tag, message, signature: made }) => signature.verify(alice.publicKey, tag, message, made),
  });
  readonly #key = inputOf({ keyId: ALICE, baseKey: new Secret(new Uint8Array(16).fill(3)) });
  readonly alices = new Signed(new FrameSender(this.#key), signerOf(alice.secretKey));
  readonly forger = new FrameSender(this.#key);
  readonly #receiver = new FrameReceiver();

  constructor() {
    this.#receiver.addKey(this.#key);
  }

  readonly hear = (frame: Uint8Array, now = 0): ReturnType<DigestVerifier['opened']> => {
    this.#receiver.open(frame);
    return this.verifier.opened(frame, now);
  };
}

class Signed {
  readonly signer: DigestSigner;
  readonly #sender: FrameSender;

  constructor(sender: FrameSender, signer: DigestSigner) {
    this.#sender = sender;
    this.signer = signer;
  }

  seal(text: string): Uint8Array {
    return this.#sender.seal(utf8(text));
  }

  add(frame: Uint8Array): void {
    this.signer.add(frame);
  }

  async digest(): Promise<Uint8Array> {
    const [digest] = await this.signer.flush();
    assert.isDefined(digest);
    return digest;
  }
}

function signerOf(secretKey: Secret, conference: Uint8Array = CONFERENCE): DigestSigner {
  return new DigestSigner({
    ...{ keyId: ALICE, conference },
    sign: (tag, message) => signature.sign(secretKey, tag, message),
  });
}

function inputOf(key: { readonly keyId: bigint; readonly baseKey: Secret }) {
  assert.isDefined(suite);
  return { ciphers: nodePacketCiphers, suite, ...key };
}
