import { hex, utf8 } from '@sotto/bytes';
import { hmacSha256, type Secret } from '@sotto/crypto';
import { createChallenge, type Payload, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { z } from 'zod';

/** A solution that counts: for this address, in time. `id` is to be spent once. */
export interface ProofOfWork {
  readonly id: Uint8Array;
}

/** ALTCHA (version 2) challenges, signed so that nothing has to be remembered until one is spent. */
export class ProofOfWorkTier {
  readonly #key: Secret;
  readonly #signatureSecret: string;

  /** `key`: 32 bytes that outlive restarts. */
  constructor(key: Secret) {
    this.#key = key;
    this.#signatureSecret = key.use((bytes) => hex(hmacSha256(bytes, utf8('sotto/altcha-signature/v1'))));
  }

  /** The challenge as JSON text, about two seconds of one core, good for ten minutes and for this address alone. */
  async challenge(address: string, now: number): Promise<string> {
    const challenge = await createChallenge({
      algorithm: 'PBKDF2/SHA-256',
      cost: ITERATIONS,
      keyPrefix: KEY_PREFIX,
      deriveKey,
      data: { subject: this.#subject(address), until: now + LIFE_MILLISECONDS },
      hmacSignatureSecret: this.#signatureSecret,
    });
    return JSON.stringify(challenge);
  }

  /** Null unless the text is ALTCHA's base64 of {challenge, solution}, the challenge is ours and the solution right. */
  async verify(text: string, address: string, now: number): Promise<ProofOfWork | null> {
    const payload = parsePayload(text);
    if (payload === null) return null;
    const { data } = payload.challenge.parameters;
    if (data?.['subject'] !== this.#subject(address) || Number(data['until']) <= now) return null;
    const { verified } = await verifySolution({
      ...payload,
      deriveKey,
      hmacSignatureSecret: this.#signatureSecret,
    });
    return verified ? { id: utf8(payload.challenge.parameters.nonce) } : null;
  }

  /** Who sees a challenge learns nothing of the address by it. */
  #subject(address: string): string {
    return hex(this.#key.use((key) => hmacSha256(key, utf8(`altcha ${address}`))).subarray(0, 16));
  }
}

function parsePayload(text: string): Payload | null {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
  } catch {
    return null;
  }
  const parsed = payload.safeParse(json);
  return parsed.success ? (parsed.data as unknown as Payload) : null;
}

/** Costs are pinned: a signed challenge says them too, and a forged one must not run before its signature is checked. */
const payload = z.strictObject({
  challenge: z.strictObject({
    parameters: z.looseObject({
      algorithm: z.literal('PBKDF2/SHA-256'),
      nonce: z.string().regex(/^[0-9a-f]{32}$/),
      salt: z.string().regex(/^[0-9a-f]{32}$/),
      data: z.strictObject({ subject: z.string(), until: z.number() }),
    }),
    signature: z.string(),
  }),
  solution: z.looseObject({ counter: z.number(), derivedKey: z.string() }),
});

const ITERATIONS = 40_000;
/** Hexadecimal digits: 256 trials on average. */
const KEY_PREFIX = '00';
const LIFE_MILLISECONDS = 10 * 60 * 1000;
