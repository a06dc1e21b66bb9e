import { readFileSync } from 'node:fs';
import type { CertificateVectors, ContainerVectors } from '../../../packages/pki/src/vectors.fixture.ts';

/** The vectors that seed what reads certificates and containers. */
export const certificateVectors: CertificateVectors = read('certificate.json');
export const containerVectors: ContainerVectors = read('container.json');

function read<Vectors>(name: string): Vectors {
  return JSON.parse(readFileSync(new URL(`../../../vectors/${name}`, import.meta.url), 'utf8'));
}
