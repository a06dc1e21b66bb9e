import { readFileSync } from 'node:fs';
import type { CertificateVectors } from '../../../packages/pki/src/vectors.fixture.ts';

/** The vectors that seed what reads certificates. */
export const certificateVectors: CertificateVectors = read('certificate.json');

function read<Vectors>(name: string): Vectors {
  return JSON.parse(readFileSync(new URL(`../../../vectors/${name}`, import.meta.url), 'utf8'));
}
