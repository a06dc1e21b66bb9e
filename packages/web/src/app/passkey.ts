import { base64url, UsageFault } from '@sotto/bytes';
import type { NewPasskey, PasskeyView } from '@sotto/keybox';

/** What a person or their authenticator did not give. */
class PasskeyFault extends UsageFault<'cancelled' | 'passkey-unknown'> {}

/** Whether this browser can be asked for passkeys here: a name is needed, an address of the network is none. */
export function canUsePasskeys(): boolean {
  return typeof PublicKeyCredential === 'function' && isSecureContext && !/^[\d.]+$|:/.test(location.hostname);
}

/**
 * Makes a passkey and asks it for the secret that opens the vault. Null if the authenticator cannot give one. Throws
 * `cancelled`.
 */
export async function makePasskey(address: string): Promise<Omit<NewPasskey, 'name'> | null> {
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        rp: { name: 'Sotto' },
        user: { id: crypto.getRandomValues(new Uint8Array(16)), name: address, displayName: address },
        pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: { userVerification: 'required' },
        extensions: { prf: { eval: { first: salt } } },
      },
    }),
  );
  const credentialId = new Uint8Array(made.rawId);
  const { prf } = made.getClientExtensionResults();
  if (prf?.enabled !== true) return null;
  // Some give it only when they are asked again.
  const first = prf.results?.first ?? null;
  if (first !== null) return { credentialId, salt, prf: bytesOf(first) };
  const answer = await askPasskey([{ credentialId, salt }]);
  return { salt, ...answer };
}

/** Asks for one of the passkeys and what it gives for its salt. Throws `cancelled`. */
export async function askPasskey(
  passkeys: readonly Pick<PasskeyView, 'credentialId' | 'salt'>[],
): Promise<Pick<NewPasskey, 'credentialId' | 'prf'>> {
  const evalByCredential = Object.fromEntries(
    passkeys.map(({ credentialId, salt }) => [base64url(credentialId), { first: bufferOf(salt) }]),
  );
  const given = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        allowCredentials: passkeys.map(({ credentialId }) => ({ type: 'public-key', id: bufferOf(credentialId) })),
        userVerification: 'required',
        extensions: { prf: { evalByCredential } },
      },
    }),
  );
  const first = given.getClientExtensionResults().prf?.results?.first ?? null;
  if (first === null) throw new PasskeyFault('passkey-unknown', 'the passkey gives no secret');
  return { credentialId: new Uint8Array(given.rawId), prf: bytesOf(first) };
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await ask();
    if (credential instanceof PublicKeyCredential) return credential;
  } catch (cause) {
    if (!(cause instanceof DOMException)) throw cause;
    throw new PasskeyFault('cancelled', 'no passkey was given', { cause });
  }
  throw new PasskeyFault('cancelled', 'no passkey was given');
}

function bytesOf(source: BufferSource): Uint8Array {
  return source instanceof ArrayBuffer
    ? new Uint8Array(source)
    : Uint8Array.from(new Uint8Array(source.buffer, source.byteOffset, source.byteLength));
}

function bufferOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes);
}
