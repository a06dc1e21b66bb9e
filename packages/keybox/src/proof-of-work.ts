import { hex, parseHex, utf8 } from '@sotto/bytes';
import type { Primitives } from '@sotto/crypto';
import { z } from 'zod/mini';
import { KeyboxPeerFault } from './fault.ts';

/**
 * Solves an ALTCHA challenge (version 2, PBKDF2/SHA-256) and gives what is sent back: base64 of {challenge, solution}.
 * Throws `answer-malformed` for a challenge of another kind or one that asks for more than a minute's work.
 */
export async function solveChallenge(primitives: Primitives, text: string): Promise<string> {
  const parsed = parseChallenge(text);
  const { nonce, salt, cost, keyLength, keyPrefix } = parsed.parameters;
  const password = new Uint8Array(20);
  password.set(parseHex(nonce));
  for (let counter = 0; counter < MAX_TRIALS; counter++) {
    new DataView(password.buffer).setUint32(16, counter);
    using key = await primitives.pbkdf2Sha256(password, parseHex(salt), cost, keyLength);
    const derivedKey = key.use(hex);
    if (derivedKey.startsWith(keyPrefix))
      return base64(JSON.stringify({ challenge: parsed, solution: { counter, derivedKey } }));
  }
  throw malformed();
}

function parseChallenge(text: string): Challenge {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw malformed(cause);
  }
  const parsed = challenge.safeParse(json);
  if (!parsed.success) throw malformed();
  return parsed.data;
}

function base64(text: string): string {
  return btoa(Array.from(utf8(text), (byte) => String.fromCharCode(byte)).join(''));
}

function malformed(cause?: unknown): KeyboxPeerFault {
  return new KeyboxPeerFault('answer-malformed', 'the server asks for a proof of work that this program refuses', {
    cause,
  });
}

const half = z.string().check(z.regex(/^[0-9a-f]{32}$/));
const challenge = z.looseObject({
  parameters: z.looseObject({
    algorithm: z.literal('PBKDF2/SHA-256'),
    nonce: half,
    salt: half,
    cost: z.int().check(z.minimum(1), z.maximum(100_000)),
    keyLength: z.int().check(z.minimum(16), z.maximum(64)),
    keyPrefix: z.string().check(z.regex(/^[0-9a-f]{1,3}$/)),
  }),
});
type Challenge = z.infer<typeof challenge>;

const MAX_TRIALS = 16_384;
