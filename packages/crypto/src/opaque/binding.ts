import { utf8 } from '@sotto/bytes';

/** What a run of OPAQUE is bound to besides its messages; both sides hold the same. */
export interface OpaqueBinding {
  /** Names the application and its configuration (RFC 9807 section 6). */
  readonly context: Uint8Array;
  /** Chooses the OPRF key of the account; the server's own matter. */
  readonly credentialIdentifier: Uint8Array;
  /** `null` stands for the client's public key. */
  readonly clientIdentity: Uint8Array | null;
  /** `null` stands for the server's public key. */
  readonly serverIdentity: Uint8Array | null;
}

/** The binding of our accounts: the canonical address, the home server's domain and our configuration's name. */
export function opaqueBinding(address: string, domain: string): OpaqueBinding {
  return {
    context: utf8(CONTEXT),
    credentialIdentifier: utf8(address),
    clientIdentity: utf8(address),
    serverIdentity: utf8(domain),
  };
}

const CONTEXT = 'sotto/opaque/v1 3DH ristretto255-SHA512 HKDF-SHA512 HMAC-SHA512 Argon2id';
