import { hex, parseUtf8, utf8 } from '@sotto/bytes';
import { encodePem, type PemLabel, parsePem } from '@sotto/pki';
import { checkDer } from '../../../packages/pki/src/der/check.ts';
import { decodeOid, encodeOid } from '../../../packages/pki/src/der/oid.ts';
import { decodeTime, encodeTime } from '../../../packages/pki/src/der/time.ts';
import { readElements, writeElements } from '../mutate-der.ts';
import type { Target } from '../target.ts';
import { certificateVectors } from './vectors.ts';

const { authority, request, revocationList, keyFile } = certificateVectors;
const certificate = Buffer.from(authority.certificate, 'hex');
const labels: readonly PemLabel[] = ['CERTIFICATE', 'CMS', 'PUBLIC KEY'];

/** DER itself, its values, and PEM around it. */
export const der: Target = {
  name: 'der',
  sources: ['der/check', 'der/reader', 'der/oid', 'der/time', 'der/tag', 'pem'].map(
    (name) => `packages/pki/src/${name}.ts`,
  ),
  parsers: [
    {
      name: 'element',
      shape: 'der',
      seeds: [authority.certificate, request.request, revocationList.list, keyFile.file].map((text) =>
        Buffer.from(text, 'hex'),
      ),
      parse: (input) => {
        checkDer(input);
        return writeElements(readElements(input) ?? []);
      },
    },
    {
      name: 'oid',
      shape: 'bytes',
      seeds: [encodeOid('1.2.840.113549.1.1.1'), encodeOid('2.999.3')],
      parse: (input) => {
        checkDer(Uint8Array.of(6, input.length & 0x7f, ...input));
        return encodeOid(decodeOid(input));
      },
    },
    {
      name: 'time',
      shape: 'text',
      seeds: [utf8('260101120000Z'), utf8('20500101120000Z')],
      parse: (input) => {
        const { type, content } = encodeTime(decodeTime(input.length > 13 ? 0x18 : 0x17, input));
        return type === (input.length > 13 ? 0x18 : 0x17) ? content : new Uint8Array();
      },
    },
    {
      name: 'pem',
      shape: 'text',
      seeds: labels.map((label) => utf8(encodePem(label, certificate.subarray(0, 100)))),
      parse: (input) => {
        const text = parseUtf8(input);
        for (const label of labels) {
          if (!text.includes(`BEGIN ${label}-`)) continue;
          const blocks = parsePem(label, text);
          const again = parsePem(label, blocks.map((block) => encodePem(label, block)).join(''));
          if (again.map(hex).join() !== blocks.map(hex).join()) return new Uint8Array();
        }
        return null;
      },
    },
  ],
};
