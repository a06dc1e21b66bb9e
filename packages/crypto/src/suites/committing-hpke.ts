import { concat, encodeCbor, equal, Fault, utf8 } from '@sotto/bytes';
import { CryptoWireFault } from '../fault.ts';
import { sha256 } from '../hash.ts';
import { type HpkeContext, type HpkeKem, setupBaseReceiver, setupBaseSender } from '../hpke.ts';
import type { Primitives } from '../ports.ts';
import { openFailed } from '../refusal.ts';
import { Secret } from '../secret.ts';
import type { SealBinding } from '../suite.ts';

/**
 * Single-shot HPKE that commits to the shared secret, the purpose and the context: info is the purpose in UTF-8,
 * aad the context in CBOR. Gives enc | commitment (32) | ciphertext and tag (plaintext + 16), where commitment =
 * Export("sotto/commitment/v1" | SHA-256(aad), 32). Throws `key-malformed` or `bad-share`.
 */
export async function sealHpke(
  primitives: Primitives,
  kem: HpkeKem,
  { publicKey, binding }: { readonly publicKey: Uint8Array; readonly binding: SealBinding },
  plaintext: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const aad = encodeCbor(binding.context);
  const { enc, context } = await setupBaseSender(kem, publicKey, utf8(binding.purpose));
  using held = context;
  return concat(enc, commitTo(held, aad), await held.seal(primitives, aad, plaintext));
}

/** Opens what `sealHpke` made. Throws `sealed-malformed` for what is too short, else `open-failed`. */
export async function openHpke(
  primitives: Primitives,
  kem: HpkeKem,
  { secretKey, binding }: { readonly secretKey: Secret; readonly binding: SealBinding },
  sealed: Uint8Array,
): Promise<Secret> {
  const head = kem.ciphertextBytes + COMMITMENT_BYTES;
  if (sealed.length < head + TAG_BYTES) throw new CryptoWireFault('sealed-malformed', 'sealed bytes are too short');
  const aad = encodeCbor(binding.context);
  using context = await receive(kem, secretKey, {
    enc: sealed.subarray(0, kem.ciphertextBytes),
    info: utf8(binding.purpose),
  });
  if (!equal(commitTo(context, aad), sealed.subarray(kem.ciphertextBytes, head))) throw openFailed();
  const plaintext = await context.open(primitives, aad, sealed.subarray(head));
  const opened = new Secret(plaintext);
  plaintext.fill(0);
  return opened;
}

async function receive(
  kem: HpkeKem,
  secretKey: Secret,
  input: { readonly enc: Uint8Array; readonly info: Uint8Array },
): Promise<HpkeContext> {
  try {
    return await setupBaseReceiver(kem, secretKey, input);
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'bad-share') throw openFailed(cause);
    throw cause;
  }
}

function commitTo(context: HpkeContext, aad: Uint8Array): Uint8Array {
  return context.export(concat(COMMITMENT_LABEL, sha256(aad)), COMMITMENT_BYTES);
}

const COMMITMENT_LABEL = utf8('sotto/commitment/v1');
const COMMITMENT_BYTES = 32;
const TAG_BYTES = 16;
