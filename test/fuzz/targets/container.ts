import { parseHex } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { openContainer, parseContainerFile } from '@sotto/pki';
import { encodeAttributes, parseAttributes, readSender } from '../../../packages/pki/src/cms/attributes.ts';
import { parseAuthEnvelopedData } from '../../../packages/pki/src/cms/auth-enveloped-data.ts';
import { verifyContent } from '../../../packages/pki/src/cms/signed-data.ts';
import type { Target } from '../target.ts';
import { containerVectors } from './vectors.ts';

const primitives = nodePrimitives();
const digest = new Uint8Array(32).fill(5);
const hash = new Uint8Array(32).fill(6);
const containers = containerVectors.opened.map(({ container }) => parseHex(container));
const keys = containerVectors.keys.map(({ publicKey, secretKey, certificates }) => ({
  publicKey: parseHex(publicKey),
  secretKey: new Secret(parseHex(secretKey)),
  certificates: certificates.map(parseHex),
}));
const sender = { signedMs: 0, certificateHash: hash, fingerprint: hash, deviceId: hash, recipientSet: hash };

/** CMS containers, from the file to what their signers state. */
export const container: Target = {
  name: 'container',
  sources: [
    ...['auth-enveloped-data', 'recipient-info', 'recipient', 'signed-data', 'attributes', 'content-info', 'file'],
    ...['../oids', '../algorithm'],
  ].map((name) => `packages/pki/src/cms/${name}.ts`),
  parsers: [
    {
      name: 'envelope',
      shape: 'der',
      seeds: containers,
      parse: (input) => {
        parseAuthEnvelopedData(input);
        return null;
      },
    },
    {
      name: 'container',
      shape: 'der',
      seeds: containers,
      patience: 20,
      parse: async (input) => {
        await openContainer({ primitives, container: input, keys, purposes: ['mail'] });
        return null;
      },
    },
    {
      name: 'file',
      shape: 'text',
      seeds: [new TextEncoder().encode('-----BEGIN CMS-----\nMAA=\n-----END CMS-----\n'), Uint8Array.of(0x30, 0)],
      parse: (input) => {
        parseContainerFile(input);
        return null;
      },
    },
    {
      name: 'attributes',
      shape: 'der',
      seeds: [encodeAttributes(digest, { ...sender, purpose: 'mail' })],
      parse: (input) => {
        parseAttributes(input);
        return readSender(input, digest) === null ? null : input.slice();
      },
    },
    {
      // A file of the corpus is where this one begins: what openssl signed, and what we did.
      name: 'signed-data',
      shape: 'der',
      seeds: [],
      patience: 5,
      parse: async (input) => {
        await verifyContent(primitives, input);
        return null;
      },
    },
  ],
};
