import { utf8 } from '@sotto/bytes';
import { createSuite } from '@sotto/testing/suites/p384';
import { opaqueRun } from '../../packages/crypto/src/opaque/run.fixture.ts';
import { checkOwnVector, join, type OwnVectors, one } from '../../packages/crypto/src/own-vectors.fixture.ts';
import { webPlatforms } from '../../packages/crypto/src/platforms.fixture.ts';
import { Secret } from '../../packages/crypto/src/secret.ts';
import { openStream, sealStream } from '../../packages/crypto/src/stream.ts';
import { createSuites } from '../../packages/crypto/src/suites/registry.ts';
import { runWycheproof, type WycheproofFile } from '../../packages/crypto/src/wycheproof.fixture.ts';

/** What the page offers to the test that drives it. Texts are JSON; every answer lists what went wrong. */
const selfTest = {
  async ownVectors(name: string, text: string): Promise<string[]> {
    const { cases } = JSON.parse(text) as OwnVectors;
    const failures: string[] = [];
    for (const platform of webPlatforms) {
      for (const [index, vector] of cases.entries()) {
        await checkOwnVector(name, vector, platform).catch((fault: Error) => {
          failures.push(`${platform.name}, case ${index}: ${fault.message}`);
        });
      }
    }
    return failures;
  },

  async wycheproof(name: string, text: string): Promise<string[]> {
    const failures: string[] = [];
    for (const platform of webPlatforms) {
      const report = await runWycheproof(name, JSON.parse(text) as WycheproofFile, platform);
      failures.push(...report.failures.map((failure) => `${platform.name}: ${failure}`));
      if (report.checked === 0) failures.push(`${platform.name}: nothing checked`);
    }
    return failures;
  },

  async curves(): Promise<string[]> {
    const missing: string[] = [];
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']).catch(() => missing.push('Ed25519'));
    await crypto.subtle.generateKey('X25519', false, ['deriveBits']).catch(() => missing.push('X25519'));
    return missing;
  },

  async suites(): Promise<string[]> {
    const failures: string[] = [];
    for (const { name, primitives } of webPlatforms) {
      for (const suite of createSuites(primitives, [createSuite]).all) {
        const seed = new Secret(primitives.randomBytes(32));
        const made = await suite.userKeys.generate(seed);
        const published = { room: made.room.publicKey, container: made.container.publicKey, wrapped: made.wrapped };
        const opened = await suite.userKeys.open(seed, published);
        const binding = { purpose: 'sotto/seal/era-secret/v1', context: { era: 1 } } as const;
        const sealed = await suite.kem.seal(published.room, binding, utf8('plaintext'));
        const plaintext = await suite.kem.open(opened.room.secretKey, binding, sealed);
        if (plaintext.use((bytes) => bytes.join()) !== utf8('plaintext').join()) failures.push(`${name} ${suite.name}`);
        const { publicKey, secretKey } = await suite.signature.generate();
        const signature = await suite.signature.sign(secretKey, 'sotto/statement/v1', sealed);
        await suite.signature.verify(publicKey, 'sotto/statement/v1', sealed, signature);
        await suite.certificateKey.generate();
      }
    }
    return failures;
  },

  async stream(sizeBytes: number): Promise<string[]> {
    const [platform] = webPlatforms;
    if (platform === undefined) return ['no platform'];
    const [fileKey, headerHash] = [new Secret(new Uint8Array(32)), new Uint8Array(32)];
    const streamKey = { fileKey, headerHash, purpose: 'sotto/test/v1', chunkBytes: 65_536 };
    const plaintext = platform.primitives.randomBytes(sizeBytes);
    const sealed = await join(sealStream(platform.primitives, streamKey, one(plaintext)));
    const opened = await join(openStream(platform.primitives, streamKey, one(sealed)));
    const same = opened.length === plaintext.length && opened.every((byte, i) => byte === plaintext[i]);
    return same ? [] : ['another plaintext'];
  },

  async opaque(text: string): Promise<string[]> {
    const { random, outputs } = JSON.parse(text) as { random: readonly string[]; outputs: unknown };
    const drawn = Uint8Array.from((random.join('').match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)));
    const failures: string[] = [];
    for (const { name, scripted } of webPlatforms) {
      const computed = await opaqueRun(scripted(drawn));
      if (JSON.stringify(computed) !== JSON.stringify(outputs)) failures.push(`${name}: other bytes`);
    }
    return failures;
  },
};

Object.assign(globalThis, { selfTest });
