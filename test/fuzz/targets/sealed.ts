import { parseHex } from '@sotto/bytes';
import {
  classic,
  hybrid,
  openCommitting,
  openStream,
  Secret,
  sealCommitting,
  sealStream,
  unwrapKey,
  wrapKey,
} from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { seededRandom } from '@sotto/testing';
import * as opaque from '../../../packages/crypto/src/opaque/messages.ts';
import type { Parser, Shape, Target } from '../target.ts';
import { containerVectors } from './vectors.ts';

const primitives = nodePrimitives({ randomBytes: seededRandom('sealed') });
const suites = { classic: classic(primitives), hybrid: hybrid(primitives) };
const key = new Secret(new Uint8Array(32).fill(7));
const hash = new Uint8Array(32).fill(3);
const message = new Uint8Array(20);
/** The base point of ristretto255 (RFC 9496 appendix A.1). */
const element = parseHex('e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76');
const streamKey = { fileKey: key, headerHash: hash, purpose: 'file', chunkBytes: 64 } as const;
const committing = { label: 'sotto/fuzz/v1', context: null } as const;
const binding = { purpose: 'sotto/seal/session-key/v1', context: { domain: 'example.org' } } as const;
const [classicKeys, hybridKeys] = containerVectors.keys.map(({ publicKey, secretKey }) => ({
  publicKey: parseHex(publicKey),
  secretKey: new Secret(parseHex(secretKey)),
}));
if (classicKeys === undefined || hybridKeys === undefined) throw new Error('no keys in vectors/container.json');

/** What cryptography is given by others: sealed bytes, messages of OPAQUE, and public keys to seal to or verify by. */
export const sealed: Target = {
  name: 'sealed',
  sources: ['stream', 'committing', 'key-wrap', 'opaque/messages', 'suites/classic', 'suites/hybrid'].map(
    (name) => `packages/crypto/src/${name}.ts`,
  ),
  parsers: [
    taker('stream', [Buffer.concat(await collect(sealStream(primitives, streamKey, pieces(new Uint8Array(150)))))], {
      take: (input) => collect(openStream(primitives, streamKey, pieces(input))),
    }),
    taker('committing', [await sealCommitting(primitives, key, committing, message)], {
      take: (input) => openCommitting(primitives, key, committing, input),
    }),
    taker('key-wrap', [wrapKey(key, key)], { take: (input) => unwrapKey(key, input) }),
    taker('ke1', [join(element, hash, element)], { take: opaque.parseKe1 }),
    taker('ke2', [join(element, hash, new Uint8Array(128), hash, element, new Uint8Array(64))], {
      take: opaque.parseKe2,
    }),
    taker('opaque-record', [join(element, new Uint8Array(64), new Uint8Array(96))], { take: opaque.parseRecord }),
    taker('registration', [join(element, element)], { take: opaque.parseRegistrationResponse }),
    taker('classic-open', [await suites.classic.kem.seal(classicKeys.publicKey, binding, message)], {
      take: (input) => suites.classic.kem.open(classicKeys.secretKey, binding, input),
    }),
    taker('hybrid-open', [await suites.hybrid.kem.seal(rawKey(hybridKeys.publicKey), binding, message)], {
      take: (input) => suites.hybrid.kem.open(hybridKeys.secretKey, binding, input),
    }),
    taker('classic-key', [classicKeys.publicKey], {
      shape: 'der',
      take: (input) => suites.classic.kem.seal(input, binding, message),
    }),
    taker('hybrid-key', [rawKey(hybridKeys.publicKey)], {
      take: (input) => suites.hybrid.kem.seal(input, binding, message),
    }),
    taker('classic-verify', [classicKeys.publicKey], {
      shape: 'der',
      take: (input) => suites.classic.signature.verify(input, 'sotto/record/v1', message, new Uint8Array(384)),
    }),
    taker('hybrid-verify', [new Uint8Array(32 + 1952).fill(1)], {
      take: (input) => suites.hybrid.signature.verify(input, 'sotto/statement/v1', message, new Uint8Array(64 + 3309)),
    }),
  ],
};

interface Taking {
  readonly shape?: Shape;
  readonly take: (input: Uint8Array) => unknown;
}

/** Slow under the interpreter, which does the arithmetic of curves and lattices here. */
function taker(name: string, seeds: readonly Uint8Array[], { shape = 'bytes', take }: Taking): Parser {
  return {
    name,
    shape,
    seeds: seeds.map((seed) => Uint8Array.from(seed)),
    patience: 40,
    parse: async (input) => {
      await take(input);
      return null;
    },
  };
}

async function* pieces(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content.subarray(0, 50);
  yield content.subarray(50);
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const collected: Uint8Array[] = [];
  for await (const piece of source) collected.push(piece);
  return collected;
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** The key inside a SubjectPublicKeyInfo of X-Wing, which stands at its end. */
function rawKey(publicKey: Uint8Array): Uint8Array {
  return publicKey.subarray(-1216);
}
