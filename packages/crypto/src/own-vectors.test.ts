import { type CborValue, encodeCbor, hex, utf8 } from '@sotto/bytes';
import { vectorFile } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { sealCommitting } from './committing.ts';
import { deriveKey, type HashTag, sha256, taggedHash } from './hash.ts';
import { nodePrimitives } from './node/index.ts';
import { platforms } from './node/platform.fixture.ts';
import {
  checkOwnVector,
  join,
  type OwnVector,
  type OwnVectors,
  one,
  ownVectorFiles,
  repeat,
} from './own-vectors.fixture.ts';
import type { Platform } from './platforms.fixture.ts';
import { Secret } from './secret.ts';
import { sealStream } from './stream.ts';
import { classic } from './suites/classic.ts';
import { hybrid } from './suites/hybrid.ts';

describe.each(ownVectorFiles)('our vectors %s', async (name) => {
  const { cases } = await vectorFile<OwnVectors>(name, async () => ({
    description: descriptions[name] ?? '',
    specification: 'docs/spec/suites.md',
    cases: (await makers[name]?.()) ?? [],
  }));

  test.each(platforms)('hold on $name', async (platform) => {
    assert.isAbove(cases.length, 2);
    for (const vector of cases) await checkOwnVector(name, vector, platform);
  });

  test('are missed by one changed bit of an output', async () => {
    for (const vector of cases) {
      const output =
        ['sealed', 'signature', 'output', 'roomSeed', 'sealedSha256'].find((field) => field in vector) ?? '';
      const changed = { ...vector, [output]: flipLastBit(vector[output] as string) };
      const missed = await checkOwnVector(name, changed, platforms[0] as Platform).then(
        () => false,
        () => true,
      );
      assert.isTrue(missed, output);
    }
  });
});

function flipLastBit(text: string): string {
  return text.slice(0, -1) + (Number.parseInt(text.slice(-1), 16) ^ 1).toString(16);
}

const descriptions: Readonly<Record<string, string>> = {
  'committing.json': 'Committing AEAD: the salt is given, all else follows.',
  'stream.json':
    'STREAM: the plaintext is plaintextBytes long and repeats plaintextPattern; noncePrefix stands for random bytes.',
  'sealed.json':
    'Sealing to a public key. hybrid: encapsulationSeed is what X-Wing encapsulates with (eseed of its draft). classic is to be opened.',
  'signature.json':
    'Tagged signatures to verify. Ed25519 is deterministic: the first 64 bytes of a hybrid signature follow from the inputs.',
  'key-derivation.json': 'HKDF labels, tagged hashes and the user keys of the hybrid suite.',
};

/** How the files were first made; used only to make a missing one. */
const makers: Readonly<Record<string, () => Promise<OwnVector[]>>> = {
  'committing.json': () =>
    Promise.all(
      [
        { label: 'sotto/test/v1', context: null, plaintext: new Uint8Array() },
        { label: 'sotto/test/v1', context: { account: 'alpha@example.org', version: 1 }, plaintext: utf8('plaintext') },
        { label: 'sotto/test/v2', context: [1, new Uint8Array(32)], plaintext: pattern(100, 3) },
      ].map(async ({ label, context, plaintext }, i) => {
        const [key, salt] = [pattern(32, i), pattern(32, i + 64)];
        const primitives = nodePrimitives({ randomBytes: () => salt });
        const sealed = await sealCommitting(primitives, new Secret(key), { label, context }, plaintext);
        return hexed({ label, context: encodeCbor(context), key, salt, plaintext, sealed });
      }),
    ),

  'stream.json': () =>
    Promise.all(
      [
        [32, 0],
        [32, 1],
        [32, 32],
        [32, 33],
        [32, 100],
        [65_536, 65_537],
        [1_048_576, 1_048_577],
      ].map(async ([chunkBytes = 0, plaintextBytes = 0], i) => {
        const [fileKey, headerHash, noncePrefix] = [pattern(32, i), sha256(utf8('header')), pattern(7, i + 9)];
        const plaintextPattern = pattern(13, 5);
        const streamKey = { fileKey: new Secret(fileKey), headerHash, purpose: 'sotto/test/v1', chunkBytes };
        const primitives = nodePrimitives({ randomBytes: () => noncePrefix });
        const sealed = await join(sealStream(primitives, streamKey, one(repeat(plaintextPattern, plaintextBytes))));
        const inputs = { ...streamKey, fileKey, noncePrefix, plaintextPattern, plaintextBytes };
        return hexed({ ...inputs, sealedSha256: sha256(sealed), ...(sealed.length < 999 ? { sealed } : {}) });
      }),
    ),

  'sealed.json': async () => {
    const web = platforms.find(({ replaysEncapsulation }) => replaysEncapsulation) as Platform;
    const context = { account: sha256(utf8('account')), generation: 0 };
    const cases: OwnVector[] = [];
    for (const purpose of ['sotto/seal/user-key-seed/v1', 'sotto/seal/era-secret/v1'] as const) {
      const [secretKey, encapsulationSeed, plaintext] = [pattern(32, 1), pattern(64, 2), pattern(32, 3)];
      const { kem } = hybrid(web.scripted(encapsulationSeed));
      const publicKey = await kem.publicKey(new Secret(secretKey));
      const sealed = await kem.seal(publicKey, { purpose, context }, plaintext);
      const inputs = { suite: 'hybrid', purpose, context: encodeCbor(context), secretKey, publicKey };
      cases.push(hexed({ ...inputs, encapsulationSeed, plaintext, sealed }));
    }
    const { kem } = classic(web.primitives);
    const pair = await kem.generate();
    const [purpose, plaintext, { publicKey }] = ['sotto/seal/era-secret/v1', pattern(32, 3), pair] as const;
    const sealed = await kem.seal(publicKey, { purpose, context }, plaintext);
    const secretKey = pair.secretKey.unsafeExpose('a vector');
    cases.push(
      hexed({ suite: 'classic', purpose, context: encodeCbor(context), secretKey, publicKey, plaintext, sealed }),
    );
    return cases;
  },

  'signature.json': async () => {
    const cases: OwnVector[] = [];
    const classicPair = await classic(nodePrimitives()).signature.generate();
    const keys = [
      { suite: hybrid(nodePrimitives()), secretKey: new Secret(pattern(64, 7)) },
      { suite: classic(nodePrimitives()), secretKey: classicPair.secretKey },
    ];
    for (const { suite, secretKey } of keys) {
      const publicKey = await suite.signature.publicKey(secretKey);
      for (const tag of ['sotto/statement/v1', 'sotto/record/v1'] as const) {
        const message = utf8(`message under ${tag}`);
        const signature = await suite.signature.sign(secretKey, tag, message);
        const exposed = secretKey.unsafeExpose('a vector');
        cases.push(hexed({ suite: suite.name, tag, message, secretKey: exposed, publicKey, signature }));
      }
    }
    return cases;
  },

  'key-derivation.json': async () => {
    const contexts: CborValue[] = [null, { era: 1, room: new Uint8Array(32) }];
    const derived = contexts.map((context, i) => {
      const secret = pattern(32, i);
      const output = deriveKey(new Secret(secret), 'sotto/test/v1', context, 32 * (i + 1)).unsafeExpose('a vector');
      return hexed({ function: 'deriveKey', secret, label: 'sotto/test/v1', context: encodeCbor(context), output });
    });
    const hashed = (['sotto/device/v1', 'sotto/log/v1'] satisfies HashTag[]).map((tag) =>
      hexed({ function: 'taggedHash', tag, input: utf8('input'), output: taggedHash(tag, utf8('input')) }),
    );
    const seed = pattern(32, 11);
    const { room, container } = await hybrid(nodePrimitives()).userKeys.generate(new Secret(seed));
    const userKeys = hexed({
      function: 'userKeys',
      seed,
      roomSeed: room.secretKey.unsafeExpose('a vector'),
      containerSeed: container.secretKey.unsafeExpose('a vector'),
      roomPublicKeySha256: sha256(room.publicKey),
      containerPublicKeySha256: sha256(container.publicKey),
    });
    return [...derived, ...hashed, userKeys];
  },
};

function hexed(fields: Readonly<Record<string, string | number | Uint8Array>>): OwnVector {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Uint8Array ? hex(value) : value]),
  );
}

function pattern(length: number, start: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => (start + 7 * i) & 0xff);
}
