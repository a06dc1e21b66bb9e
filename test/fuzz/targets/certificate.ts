import { equal } from '@sotto/bytes';
import { nodePrimitives } from '@sotto/crypto/node';
import {
  parseCertificate,
  parsePublicKey,
  parseRevocationList,
  verifyAuthority,
  verifyCertificate,
  verifyRequest,
  verifyRevocationList,
} from '@sotto/pki';
import { encodeSigned, encodeTbsCertificate } from '../../../packages/pki/src/certificate.ts';
import { parseAltNames, parseConstrainedDomain, subjectAltName } from '../../../packages/pki/src/extension.ts';
import { type Target, Violation } from '../target.ts';
import { certificateVectors as vectors } from './vectors.ts';

const primitives = nodePrimitives();
const { atMs, authority } = vectors;
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const ca = await verifyAuthority(bytes(authority.certificate), {
  primitives,
  fingerprint: bytes(authority.fingerprint),
});
const leaves = vectors.leaves.map(({ certificate }) => bytes(certificate));
const names = leaves.flatMap((leaf) =>
  parseCertificate(leaf)
    .extensions.filter(({ id }) => id === '2.5.29.17')
    .map(({ value }) => value),
);

/** X.509: certificates, requests, revocation lists, keys, names. */
export const certificate: Target = {
  name: 'certificate',
  sources: ['certificate', 'extension', 'oids', 'profile', 'public-key', 'request', 'revocation', 'name'].map(
    (name) => `packages/pki/src/${name}.ts`,
  ),
  parsers: [
    {
      name: 'certificate',
      shape: 'der',
      seeds: [bytes(authority.certificate), ...leaves],
      parse: async (input) => {
        const parsed = parseCertificate(input);
        for (const { profile } of vectors.leaves) {
          if (await isTaken(() => verifyCertificate(parsed, { primitives, ca, profile, atMs }))) {
            if (!leaves.some((leaf) => equal(leaf, input))) throw new Violation('a certificate that no CA issued');
          }
        }
        return encodeSigned(encodeTbsCertificate(parsed), parsed.signatureAlgorithm, parsed.signature);
      },
    },
    {
      name: 'public-key',
      shape: 'der',
      seeds: [bytes(authority.certificate), ...leaves].map((leaf) => parseCertificate(leaf).publicKey),
      parse: (input) => parsePublicKey(input).der,
    },
    {
      name: 'alternative-names',
      shape: 'der',
      seeds: names,
      parse: (input) => subjectAltName(parseAltNames(input)).value,
    },
    {
      name: 'constrained-domain',
      shape: 'der',
      seeds: parseCertificate(bytes(authority.certificate)).extensions.map(({ value }) => value),
      parse: (input) => {
        parseConstrainedDomain(input);
        return null;
      },
    },
    {
      name: 'request',
      shape: 'der',
      seeds: [bytes(vectors.request.request)],
      parse: async (input) => {
        await verifyRequest(primitives, input);
        return null;
      },
    },
    {
      name: 'revocation-list',
      shape: 'der',
      seeds: [bytes(vectors.revocationList.list)],
      parse: async (input) => {
        parseRevocationList(input);
        await verifyRevocationList(input, { primitives, ca, atMs });
        return null;
      },
    },
  ],
};

/** Faults are passed on once all were asked. */
async function isTaken(verify: () => Promise<unknown>): Promise<boolean> {
  try {
    await verify();
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && 'blame' in cause) return false;
    throw cause;
  }
}
