import { type CborValue, concat, decodeCbor, equal, hex, parseHex } from '@sotto/bytes';
import { openCommitting, sealCommitting } from './committing.ts';
import { deriveKey, type HashTag, sha256, taggedHash } from './hash.ts';
import type { Platform } from './platforms.fixture.ts';
import { Secret } from './secret.ts';
import { openStream, type StreamKey, sealStream } from './stream.ts';
import type { SealPurpose } from './suite.ts';
import { hybrid } from './suites/hybrid.ts';
import { createSuites } from './suites/registry.ts';
import type { SignatureTag } from './tags.ts';

export interface OwnVectors {
  readonly description: string;
  readonly specification: string;
  readonly cases: readonly OwnVector[];
}

/** Byte strings in hexadecimal, CBOR encoded and then in hexadecimal. */
export type OwnVector = Readonly<Record<string, string | number>>;

/** Recomputes one case of one of our own vector files; throws if any of its outputs differs. */
export async function checkOwnVector(name: string, vector: OwnVector, platform: Platform): Promise<void> {
  const check = checks[name];
  if (check === undefined) throw new Error(`no check for ${name}`);
  await check(new Fields(vector), platform);
}

const checks: Readonly<Record<string, (fields: Fields, platform: Platform) => Promise<void>>> = {
  'committing.json': async (fields, { primitives, scripted }) => {
    const binding = { label: fields.text('label'), context: fields.cbor('context') };
    const sealed = await sealCommitting(
      scripted(fields.bytes('salt')),
      fields.secret('key'),
      binding,
      fields.bytes('plaintext'),
    );
    fields.equals('sealed', sealed);
    const opened = await openCommitting(primitives, fields.secret('key'), binding, fields.bytes('sealed'));
    fields.equals('plaintext', opened);
  },

  'stream.json': async (fields, { primitives, scripted }) => {
    const streamKey: StreamKey = {
      fileKey: fields.secret('fileKey'),
      headerHash: fields.bytes('headerHash'),
      purpose: fields.text('purpose'),
      chunkBytes: fields.number('chunkBytes'),
    };
    const plaintext = repeat(fields.bytes('plaintextPattern'), fields.number('plaintextBytes'));
    const sealed = await join(sealStream(scripted(fields.bytes('noncePrefix')), streamKey, one(plaintext)));
    fields.equals('sealedSha256', sha256(sealed));
    if (fields.has('sealed')) fields.equals('sealed', sealed);
    const opened = await join(openStream(primitives, streamKey, one(sealed)));
    if (!equal(opened, plaintext)) throw new Error('another plaintext');
  },

  'sealed.json': async (fields, platform) => {
    const suite = createSuites(platform.primitives).byName(fields.text('suite'));
    const binding = { purpose: fields.text('purpose') as SealPurpose, context: fields.cbor('context') };
    const secretKey = fields.secret('secretKey');
    fields.equals('publicKey', await suite.kem.publicKey(secretKey));
    const opened = await suite.kem.open(secretKey, binding, fields.bytes('sealed'));
    opened.use((bytes) => fields.equals('plaintext', bytes));
    if (!fields.has('encapsulationSeed') || !platform.replaysEncapsulation) return;
    const { kem } = hybrid(platform.scripted(fields.bytes('encapsulationSeed')));
    fields.equals('sealed', await kem.seal(fields.bytes('publicKey'), binding, fields.bytes('plaintext')));
  },

  'signature.json': async (fields, { primitives }) => {
    const { signature } = createSuites(primitives).byName(fields.text('suite'));
    const tag = fields.text('tag') as SignatureTag;
    const [secretKey, message] = [fields.secret('secretKey'), fields.bytes('message')];
    fields.equals('publicKey', await signature.publicKey(secretKey));
    await signature.verify(fields.bytes('publicKey'), tag, message, fields.bytes('signature'));
    const again = await signature.sign(secretKey, tag, message);
    await signature.verify(fields.bytes('publicKey'), tag, message, again);
    // Ed25519 alone is deterministic.
    if (fields.text('suite') === 'hybrid') fields.startsWith('signature', again.subarray(0, 64));
  },

  'key-derivation.json': async (fields, { primitives }) => {
    switch (fields.text('function')) {
      case 'deriveKey': {
        const { length } = fields.bytes('output');
        const derived = deriveKey(fields.secret('secret'), fields.text('label'), fields.cbor('context'), length);
        return derived.use((bytes) => fields.equals('output', bytes));
      }
      case 'taggedHash':
        return fields.equals('output', taggedHash(fields.text('tag') as HashTag, fields.bytes('input')));
      case 'userKeys': {
        const { room, container } = await hybrid(primitives).userKeys.generate(fields.secret('seed'));
        room.secretKey.use((bytes) => fields.equals('roomSeed', bytes));
        container.secretKey.use((bytes) => fields.equals('containerSeed', bytes));
        fields.equals('roomPublicKeySha256', sha256(room.publicKey));
        return fields.equals('containerPublicKeySha256', sha256(container.publicKey));
      }
      default:
        throw new Error(`unknown function ${fields.text('function')}`);
    }
  },
};

export const ownVectorFiles: readonly string[] = Object.keys(checks);

export async function join(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return concat(...pieces);
}

export async function* one(piece: Uint8Array): AsyncGenerator<Uint8Array> {
  yield piece;
}

export function repeat(pattern: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => pattern[i % pattern.length] ?? 0);
}

class Fields {
  readonly #vector: OwnVector;

  constructor(vector: OwnVector) {
    this.#vector = vector;
  }

  has(name: string): boolean {
    return name in this.#vector;
  }

  text(name: string): string {
    const value = this.#vector[name];
    if (typeof value !== 'string') throw new Error(`no field ${name}`);
    return value;
  }

  number(name: string): number {
    const value = this.#vector[name];
    if (typeof value !== 'number') throw new Error(`no field ${name}`);
    return value;
  }

  bytes(name: string): Uint8Array<ArrayBuffer> {
    return parseHex(this.text(name));
  }

  secret(name: string): Secret {
    return new Secret(this.bytes(name));
  }

  cbor(name: string): CborValue {
    return decodeCbor(this.bytes(name));
  }

  equals(name: string, computed: Uint8Array): void {
    if (hex(computed) !== this.text(name)) throw new Error(`${name} is ${hex(computed).slice(0, 64)}...`);
  }

  startsWith(name: string, computed: Uint8Array): void {
    if (!this.text(name).startsWith(hex(computed))) throw new Error(`${name} does not start as computed`);
  }
}
