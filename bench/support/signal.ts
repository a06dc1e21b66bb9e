import {
  IdentityKeyStore,
  KEMKeyPair,
  KyberPreKeyRecord,
  KyberPreKeyStore,
  PreKeyBundle,
  PreKeyRecord,
  PreKeySignalMessage,
  PreKeyStore,
  PrivateKey,
  ProtocolAddress,
  type PublicKey,
  processPreKeyBundle,
  SessionRecord,
  SessionStore,
  SignalMessage,
  SignedPreKeyRecord,
  SignedPreKeyStore,
  signalDecrypt,
  signalDecryptPreKey,
  signalEncrypt,
} from '@signalapp/libsignal-client';

type Bytes = Uint8Array<ArrayBuffer>;

/** A 1:1 session of libsignal in which both sides have answered; stores in memory, of bytes as its clients keep them. */
export async function signalSession(): Promise<{
  readonly seal: (message: Bytes) => Promise<Bytes>;
  readonly open: (sealed: Bytes) => Promise<Bytes>;
}> {
  const [alice, bob] = [new Side('alice'), new Side('bob')];
  await processPreKeyBundle(bob.bundle(), bob.address, alice.address, alice.sessions, alice.identities);
  const first = await signalEncrypt(ANY, bob.address, alice.address, alice.sessions, alice.identities);
  const opening = PreKeySignalMessage.deserialize(first.serialize());
  const { sessions, identities, preKeys, signedPreKeys, kyberPreKeys } = bob;
  const stores = [sessions, identities, preKeys, signedPreKeys, kyberPreKeys] as const;
  await signalDecryptPreKey(opening, alice.address, bob.address, ...stores);
  const answer = await signalEncrypt(ANY, alice.address, bob.address, bob.sessions, bob.identities);
  const answered = SignalMessage.deserialize(answer.serialize());
  await signalDecrypt(answered, bob.address, alice.address, alice.sessions, alice.identities);
  return {
    async seal(message) {
      return (await signalEncrypt(message, bob.address, alice.address, alice.sessions, alice.identities)).serialize();
    },
    open: (sealed) =>
      signalDecrypt(SignalMessage.deserialize(sealed), alice.address, bob.address, bob.sessions, bob.identities),
  };
}

class Side {
  readonly address: ProtocolAddress;
  readonly identity = PrivateKey.generate();
  readonly sessions = new Sessions();
  readonly identities: Identities;
  readonly preKeys = new PreKeys();
  readonly signedPreKeys = new SignedPreKeys();
  readonly kyberPreKeys = new KyberPreKeys();

  constructor(name: string) {
    this.address = ProtocolAddress.new(name, 1);
    this.identities = new Identities(this.identity);
  }

  bundle(): PreKeyBundle {
    const [once, signed, kyber] = [PrivateKey.generate(), PrivateKey.generate(), KEMKeyPair.generate()];
    const by = this.identity.sign(signed.getPublicKey().serialize());
    const kyberBy = this.identity.sign(kyber.getPublicKey().serialize());
    this.preKeys.record = PreKeyRecord.new(1, once.getPublicKey(), once);
    this.signedPreKeys.record = SignedPreKeyRecord.new(1, 0, signed.getPublicKey(), signed, by);
    this.kyberPreKeys.record = KyberPreKeyRecord.new(1, 0, kyber, kyberBy);
    const own = this.identity.getPublicKey();
    const keys = [1, once.getPublicKey(), 1, signed.getPublicKey(), by, own, 1, kyber.getPublicKey(), kyberBy] as const;
    return PreKeyBundle.new(1, 1, ...keys);
  }
}

class Sessions extends SessionStore {
  #bytes: Bytes | null = null;

  async saveSession(_of: ProtocolAddress, record: SessionRecord): Promise<void> {
    this.#bytes = record.serialize();
  }

  async getSession(): Promise<SessionRecord | null> {
    return this.#bytes === null ? null : SessionRecord.deserialize(this.#bytes);
  }
}

class Identities extends IdentityKeyStore {
  readonly #own: PrivateKey;
  #peer: PublicKey | null = null;

  constructor(own: PrivateKey) {
    super();
    this.#own = own;
  }

  async getIdentityKey(): Promise<PrivateKey> {
    return this.#own;
  }

  async getLocalRegistrationId(): Promise<number> {
    return 1;
  }

  async saveIdentity(_of: ProtocolAddress, key: PublicKey): Promise<number> {
    this.#peer = key;
    return 0;
  }

  async isTrustedIdentity(): Promise<boolean> {
    return true;
  }

  async getIdentity(): Promise<PublicKey | null> {
    return this.#peer;
  }
}

class PreKeys extends PreKeyStore {
  record: PreKeyRecord | null = null;

  async getPreKey(): Promise<PreKeyRecord | null> {
    return this.record;
  }

  async removePreKey(): Promise<void> {}
}

class SignedPreKeys extends SignedPreKeyStore {
  record: SignedPreKeyRecord | null = null;

  async getSignedPreKey(): Promise<SignedPreKeyRecord | null> {
    return this.record;
  }
}

class KyberPreKeys extends KyberPreKeyStore {
  record: KyberPreKeyRecord | null = null;

  async getKyberPreKey(): Promise<KyberPreKeyRecord | null> {
    return this.record;
  }

  async markKyberPreKeyUsed(): Promise<void> {}
}

const ANY: Bytes = new Uint8Array(8);
