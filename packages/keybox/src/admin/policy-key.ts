import { type CborValue, decodeCbor, encodeCbor, equal } from '@sotto/bytes';
import {
  type Argon2Parameters,
  argon2Floor,
  openCommitting,
  Secret,
  sealCommitting,
  sha256,
  stretch,
} from '@sotto/crypto';
import { boundedBytes, type Format, fixedBytes, format, type PolicyKey } from '@sotto/protocol';
import { z } from 'zod/mini';
import { META } from '../enrolment.ts';
import { KeyboxPolicyFault, KeyboxUsageFault } from '../fault.ts';
import { readMeta, writeMeta } from '../meta.ts';
import type { Session } from '../session.ts';

/**
 * The organisation's policy key, of the vault that made it, of an import, or of the account room. Throws
 * `policy-key-missing` for one that is not here or not the one that the own genesis names.
 */
export async function policyKeyOf({ keys, history }: Session, fingerprint: Uint8Array): Promise<PolicyKey> {
  const kept = (await readMeta(keys, META.policyKey)) ?? (await readMeta(history, META.policyKey));
  if (kept === null) throw missing('the policy key is not on this device');
  const { suite, publicKey, secretKey } = decodeCbor(kept) as unknown as KeptKey;
  if (!equal(sha256(publicKey), fingerprint)) throw missing('the policy key here is that of another organisation');
  return { suite, publicKey, secretKey: new Secret(secretKey) };
}

export async function hasPolicyKey(session: Session, fingerprint: Uint8Array): Promise<boolean> {
  try {
    const { secretKey } = await policyKeyOf(session, fingerprint);
    secretKey.dispose();
    return true;
  } catch (cause) {
    if (cause instanceof KeyboxUsageFault && cause.code === 'policy-key-missing') return false;
    throw cause;
  }
}

/** A copy of the policy key under a passphrase (Argon2id, then a committing seal). Throws `passphrase-too-weak` for an empty one. */
export async function sealPolicyKey({ primitives }: Session, key: PolicyKey, passphrase: string): Promise<Uint8Array> {
  if (passphrase === '') throw new KeyboxPolicyFault('passphrase-too-weak', 'a key file without a passphrase');
  const { suite, publicKey, secretKey } = key;
  const salt = primitives.randomBytes(16);
  using wrapping = await stretch(primitives, passphrase, { salt, parameters: argon2Floor });
  const plaintext = secretKey.unsafeExpose('exported under a passphrase');
  const sealed = await sealCommitting(primitives, wrapping, bindingOf({ suite, publicKey }), plaintext);
  return file.encode({ v: 1, suite, publicKey, salt, parameters: { ...argon2Floor }, sealed });
}

/**
 * Takes a copy into the vault. Throws `format-malformed`, `open-failed` for a wrong passphrase, `policy-key-missing` for
 * the key of another organisation, `kdf-downgrade` and `kdf-too-costly` before anything runs.
 */
export async function importPolicyKey(
  { primitives, suites, keys }: Session,
  { content, passphrase, fingerprint }: { content: Uint8Array; passphrase: string; fingerprint: Uint8Array },
): Promise<void> {
  const { suite, publicKey, salt, parameters, sealed } = file.parse(content);
  if (!equal(sha256(publicKey), fingerprint)) throw missing('the file holds the key of another organisation');
  using wrapping = await stretch(primitives, passphrase, { salt, parameters });
  const secretKey = await openCommitting(primitives, wrapping, bindingOf({ suite, publicKey }), sealed);
  using secret = new Secret(secretKey);
  if (!equal(await suites.byId(suite).signature.publicKey(secret), publicKey)) {
    throw missing('the two halves of the key in the file do not belong together');
  }
  await keys.apply([writeMeta(META.policyKey, encodeCbor({ suite, publicKey, secretKey } as unknown as CborValue))]);
  secretKey.fill(0);
}

interface KeptKey {
  readonly suite: number;
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

interface PolicyKeyFile {
  readonly v: 1;
  readonly suite: number;
  readonly publicKey: Uint8Array;
  readonly salt: Uint8Array;
  readonly parameters: Argon2Parameters;
  /** The secret key. */
  readonly sealed: Uint8Array;
}

const file: Format<PolicyKeyFile> = format(
  'policy key file',
  z.strictObject({
    v: z.literal(1),
    suite: z.int().check(z.minimum(1), z.maximum(0xffff)),
    publicKey: boundedBytes(4096, 1),
    salt: fixedBytes(16),
    parameters: z.strictObject({ memoryKib: z.int(), passes: z.int(), parallelism: z.int() }),
    sealed: boundedBytes(8192, 1),
  }),
);

function bindingOf({ suite, publicKey }: { readonly suite: number; readonly publicKey: Uint8Array }) {
  return { label: 'sotto/policy-key/export/v1', context: { suite, key: sha256(publicKey) } };
}

function missing(what: string): KeyboxUsageFault {
  return new KeyboxUsageFault('policy-key-missing', what);
}
