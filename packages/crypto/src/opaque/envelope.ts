import { concat, equal } from '@sotto/bytes';
import { Secret } from '../secret.ts';
import type { OpaqueBinding } from './binding.ts';
import { type DiffieHellmanPair, deriveDiffieHellmanKeyPair } from './group.ts';
import { HASH_BYTES, MASKED_RESPONSE_BYTES, NONCE_BYTES, SEED_BYTES } from './limits.ts';
import { expand, mac, vector } from './schedule.ts';

export interface EnvelopeInput {
  readonly randomizedPassword: Uint8Array;
  readonly envelopeNonce: Uint8Array;
  readonly serverPublicKey: Uint8Array;
  readonly binding: OpaqueBinding;
}

export interface StoredEnvelope {
  readonly envelope: Uint8Array<ArrayBuffer>;
  readonly client: DiffieHellmanPair;
  readonly exportKey: Secret;
}

/** Store (RFC 9807 section 4.1.2): the envelope is nonce | tag; nothing in it is encrypted, all is derived. */
export function storeEnvelope(input: EnvelopeInput): StoredEnvelope {
  const { randomizedPassword, envelopeNonce, serverPublicKey, binding } = input;
  const authKey = expand(randomizedPassword, [envelopeNonce, 'AuthKey'], HASH_BYTES);
  const exportKey = expand(randomizedPassword, [envelopeNonce, 'ExportKey'], HASH_BYTES);
  const seed = expand(randomizedPassword, [envelopeNonce, 'PrivateKey'], SEED_BYTES);
  const client = deriveDiffieHellmanKeyPair(seed);
  const credentials = concat(
    serverPublicKey,
    vector(binding.serverIdentity ?? serverPublicKey),
    vector(binding.clientIdentity ?? client.publicKey),
  );
  const tag = mac(authKey, concat(envelopeNonce, credentials));
  const stored = { envelope: concat(envelopeNonce, tag), client, exportKey: new Secret(exportKey) };
  for (const bytes of [authKey, exportKey, seed]) bytes.fill(0);
  return stored;
}

/** Recover (section 4.1.3): makes the envelope anew and compares; `null` for one that this passphrase did not make. */
export function recoverEnvelope(
  envelope: Uint8Array,
  input: Omit<EnvelopeInput, 'envelopeNonce'>,
): StoredEnvelope | null {
  const stored = storeEnvelope({ ...input, envelopeNonce: envelope.slice(0, NONCE_BYTES) });
  if (equal(stored.envelope, envelope)) return stored;
  stored.client.secretKey.dispose();
  stored.exportKey.dispose();
  return null;
}

/** The masking key of an account, which the server keeps. */
export function maskingKeyOf(randomizedPassword: Uint8Array): Uint8Array<ArrayBuffer> {
  return expand(randomizedPassword, [new Uint8Array(), 'MaskingKey'], HASH_BYTES);
}

/** Masks and unmasks server public key | envelope (section 6.3.2.2). */
export function mask(maskingKey: Uint8Array, maskingNonce: Uint8Array, response: Uint8Array): Uint8Array<ArrayBuffer> {
  const pad = expand(maskingKey, [maskingNonce, 'CredentialResponsePad'], MASKED_RESPONSE_BYTES);
  return pad.map((byte, i) => byte ^ (response[i] as number));
}
