/** What this browser's WebCrypto lacks, so that portable code does it. */
export async function portablePrimitives(): Promise<readonly string[]> {
  const lacking: string[] = [];
  for (const [name, usages] of PRIMITIVES) {
    const key = crypto.subtle.generateKey(name, false, [...usages]);
    if (!(await key.then(Boolean, () => false))) lacking.push(name);
  }
  // Computed by portable code everywhere: no browser that is common has them.
  return [...lacking, 'ML-KEM-768', 'ML-DSA-65'];
}

const PRIMITIVES: readonly (readonly [string, readonly KeyUsage[]])[] = [
  ['Ed25519', ['sign', 'verify']],
  ['X25519', ['deriveBits']],
];
