import { hex } from '@sotto/bytes';
import { type Primitives, pbes2Aes256Cbc, type Secret } from '@sotto/crypto';
import { algorithmOf, algorithms } from '../algorithm.ts';
import { type DerReader, readSequence } from '../der/reader.ts';
import { integer, octetString, oid, sequence } from '../der/writer.ts';
import { oids } from '../oids.ts';
import { checkIterations, checkSalt, type DerivationParameters } from './bounds.ts';
import { offProfile } from './fault.ts';

export interface Encrypted {
  /** AlgorithmIdentifier with PBES2-params. */
  readonly algorithm: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** PBES2 (RFC 8018 section 6.2) for one file: PBKDF2 runs once for each salt, each encryption has an IV of its own. */
export class Pbes2Cipher implements AsyncDisposable {
  readonly #primitives: Primitives;
  readonly #password: Secret;
  readonly #own: DerivationParameters;
  readonly #keys = new Map<string, Promise<Secret>>();

  /** `own` is what this cipher encrypts with. */
  constructor(key: { readonly primitives: Primitives; readonly password: Secret }, own: DerivationParameters) {
    this.#primitives = key.primitives;
    this.#password = key.password;
    this.#own = own;
  }

  async encrypt(plaintext: Uint8Array): Promise<Encrypted> {
    const iv = this.#primitives.randomBytes(IV_BYTES);
    const ciphertext = pbes2Aes256Cbc.encrypt(await this.#key(this.#own), iv, plaintext);
    return { algorithm: encodeParameters(this.#own, iv), ciphertext };
  }

  /** Throws `open-failed`, `pkcs12-profile`, `kdf-downgrade`, `kdf-too-costly`. */
  async decrypt(parameters: Pbes2Parameters, ciphertext: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    return pbes2Aes256Cbc.decrypt(await this.#key(parameters), parameters.iv, ciphertext);
  }

  /** Wipes the derived keys. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const derived of await Promise.allSettled(this.#keys.values())) {
      if (derived.status === 'fulfilled') derived.value.dispose();
    }
    this.#keys.clear();
  }

  #key({ salt, iterations }: DerivationParameters): Promise<Secret> {
    const id = `${hex(salt)}/${iterations}`;
    const derived = this.#keys.get(id) ?? this.#derive({ salt, iterations });
    this.#keys.set(id, derived);
    return derived;
  }

  async #derive({ salt, iterations }: DerivationParameters): Promise<Secret> {
    checkIterations(iterations);
    return await this.#password.use((password) => this.#primitives.pbkdf2Sha256(password, salt, iterations, KEY_BYTES));
  }
}

export interface Pbes2Parameters extends DerivationParameters {
  readonly iv: Uint8Array;
}

/** Reads an AlgorithmIdentifier that is PBES2 with our algorithms; any other throws `pkcs12-profile`. */
export function readPbes2(reader: DerReader): Pbes2Parameters {
  return readSequence(reader, (algorithm) => {
    if (algorithm.oid() !== oids.pbes2) throw offProfile('an encryption other than PBES2');
    return readSequence(algorithm, (parameters) => ({ ...readPbkdf2(parameters), iv: readCbc(parameters) }));
  });
}

function readPbkdf2(reader: DerReader): DerivationParameters {
  return readSequence(reader, (algorithm) => {
    if (algorithm.oid() !== oids.pbkdf2) throw offProfile('a derivation other than PBKDF2');
    return readSequence(algorithm, (parameters) => {
      const salt = parameters.octetString();
      checkSalt(salt);
      const iterations = parameters.smallInteger();
      const prf = algorithmOf(parameters.raw(), { hmacSha256: [algorithms.hmacSha256] });
      if (prf === null) throw offProfile('PBKDF2 with another function than HMAC-SHA-256');
      return { salt, iterations };
    });
  });
}

function readCbc(reader: DerReader): Uint8Array {
  return readSequence(reader, (algorithm) => {
    if (algorithm.oid() !== oids.aes256Cbc) throw offProfile('a cipher other than AES-256-CBC');
    const iv = algorithm.octetString();
    if (iv.length !== IV_BYTES) throw offProfile('an IV of the wrong length');
    return iv;
  });
}

function encodeParameters({ salt, iterations }: DerivationParameters, iv: Uint8Array): Uint8Array {
  const derivation = sequence(octetString(salt), integer(iterations), algorithms.hmacSha256);
  const cipher = sequence(oid(oids.aes256Cbc), octetString(iv));
  return sequence(oid(oids.pbes2), sequence(sequence(oid(oids.pbkdf2), derivation), cipher));
}

const IV_BYTES = 16;
const KEY_BYTES = 32;
