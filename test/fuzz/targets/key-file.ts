import { parseHex } from '@sotto/bytes';
import { type Primitives, passphraseBytes, Secret } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { openKeyFile } from '@sotto/pki';
import { seededRandom } from '@sotto/testing';
import { encodeBags, readBags } from '../../../packages/pki/src/pkcs12/bag.ts';
import { Pbes2Cipher } from '../../../packages/pki/src/pkcs12/pbes2.ts';
import { readElements, writeElements } from '../mutate-der.ts';
import type { Target } from '../target.ts';
import { certificateVectors } from './vectors.ts';

/** Passwords are stretched at once, so that inputs reach what is behind them. */
const primitives: Primitives = {
  ...nodePrimitives({ randomBytes: seededRandom('key file') }),
  pbkdf2Sha256: async () => new Secret(new Uint8Array(32)),
};
const password = passphraseBytes(certificateVectors.keyFile.password);
const own = { salt: new Uint8Array(16).fill(1), iterations: 600_000 };
const newCipher = (): Pbes2Cipher => new Pbes2Cipher({ primitives, password }, own);
const certificate = parseHex(certificateVectors.authority.certificate);
const labels = { name: 'device', localKeyId: new Uint8Array(32) };
const bags = await encodeBags(newCipher(), [
  { type: 'certificate', certificate, ...labels },
  { type: 'key', secretKey: new Secret(new Uint8Array(48)), ...labels },
]);

/** PKCS#12: the file up to its MAC, and the bags behind it. */
export const keyFile: Target = {
  name: 'key-file',
  sources: ['pfx', 'bag', 'pbes2', 'bmp', 'bounds'].map((name) => `packages/pki/src/pkcs12/${name}.ts`),
  parsers: [
    {
      name: 'file',
      shape: 'der',
      seeds: [withFewIterations(parseHex(certificateVectors.keyFile.file))],
      maxBytes: 8192,
      // A change may ask for as many iterations as a real file has.
      patience: 200,
      parse: async (input) => {
        await openKeyFile(primitives, password, input);
        return null;
      },
    },
    {
      name: 'bags',
      shape: 'der',
      seeds: [bags],
      patience: 10,
      parse: async (input) => {
        await using cipher = newCipher();
        await readBags(cipher, input);
        return null;
      },
    },
  ],
};

/** The last element of a file says how often its MAC key is stretched: too few are refused before anything runs. */
function withFewIterations(file: Uint8Array): Uint8Array {
  const elements = readElements(file);
  const macData = elements?.[0]?.content.at(-1);
  if (elements === null || typeof macData !== 'object' || !Array.isArray(macData.content)) throw new Error('no MAC');
  const iterations = macData.content.at(-1);
  if (iterations !== undefined) iterations.content = Uint8Array.of(1);
  return writeElements(elements);
}
