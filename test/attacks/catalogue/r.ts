import type { AttackCase } from './case.ts';

export const rCases: readonly AttackCase[] = [
  {
    id: 'R1',
    attackers: ['SRV'],
    action: 'answers a sign-in with hashing that costs nothing, or less than the last time',
    published: 'Seafile downgrade (Hofmann, Truong 2024); iteration counts of Bitwarden, LastPass and Dashlane (2026)',
    answer:
      'a floor of 64 MiB and 3 passes, and what was last accepted for the account, are checked before the passphrase is stretched; nothing that follows from it is sent; there is no salt to choose (`kdf-downgrade`)',
    status: {
      kind: 'tried',
      test: 'packages/protocol/src/channel/sign-in-attacks.test.ts',
      mutations: [
        {
          file: 'packages/crypto/src/password.ts',
          find: 'if (isBelow(parameters, argon2Floor)) throw downgrade(parameters);',
          replace: '',
        },
        {
          file: 'packages/crypto/src/password.ts',
          find: `if (pinned !== null && isBelow({ ...parameters, parallelism: pinned.parallelism }, pinned))
    throw downgrade(parameters);`,
          replace: '',
        },
      ],
    },
  },
  {
    id: 'R2',
    attackers: ['SRV'],
    action: 'asks for hashing that takes all memory or never ends',
    published: 'PBKDF2 iteration counts in PKCS#12 files',
    answer: 'a ceiling of 1 GiB, 10 passes and 4 lanes is checked before anything runs (`kdf-too-costly`)',
    status: {
      kind: 'tried',
      test: 'packages/protocol/src/channel/sign-in-attacks.test.ts',
      mutations: [
        {
          file: 'packages/crypto/src/password.ts',
          find: `if (memoryKib > argon2Ceiling.memoryKib || passes > argon2Ceiling.passes || parallelism > argon2Ceiling.parallelism) {`,
          replace: 'if (memoryKib < 0) {',
        },
      ],
    },
  },
  {
    id: 'R3',
    attackers: ['SRV'],
    action: 'asks for the passphrase itself in place of OPAQUE, or pretends that no login is needed',
    published: 'downgrade to legacy logins, as in Seafile',
    answer:
      'the client knows one answer to its login; anything else ends the handshake and nothing more is sent (`frame-malformed`). The mutation adds the legacy path that does not exist',
    status: {
      kind: 'tried',
      test: 'packages/protocol/src/channel/sign-in-attacks.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/channel/client-login.ts',
          find: 'const { parameters, ke2 } = await readAnswer(frames, answer, accountAnswer);',
          replace: `const read = await readAnswer(frames, answer, accountAnswer).catch(() => null);
      if (read === null) {
        const plain = passphrase.use((bytes) => Uint8Array.from({ length: 64 }, (_, i) => bytes[i] ?? 0));
        const legacy = await frames.write(accountConfirm, { mode: 'account', ke3: plain });
        return { sessionKey: new Secret(new Uint8Array(64)), messages: [legacy], signIn: null };
      }
      const { parameters, ke2 } = read;`,
        },
      ],
    },
  },
  {
    id: 'R4',
    attackers: ['NET', 'CON'],
    action: 'tries known and unknown addresses and compares answers, sizes, delays and the time that they take',
    published: 'client enumeration, RFC 9807 section 10.9',
    answer:
      'an unknown address is answered from a record that follows from the OPRF seed, with the same uses of the same keys, the same delays and the same sizes (also in `throttle.test.ts`, `sign-in.test.ts` and `enumeration.test.ts`); the clock itself is compared by `SOTTO_TIMING=1` alone, since a busy machine must not decide',
    status: {
      kind: 'tried',
      test: 'packages/crypto/src/opaque/opaque.test.ts',
      mutations: [
        {
          file: 'packages/crypto/src/opaque/server.ts',
          find: `const fake = fakeRecord(setup, binding.credentialIdentifier);
  const credentials = parseRecord(record ?? fake);`,
          replace: 'const credentials = parseRecord(record ?? fakeRecord(setup, binding.credentialIdentifier));',
        },
      ],
    },
  },
  {
    id: 'R5',
    attackers: ['CON'],
    action: 'signs in as the victim with wrong passphrases, from many addresses or from behind the same one',
    published: 'lock-out after three tries, in systems of this kind',
    answer:
      'tries are slowed per source and account, then ask for proof of work, and an installation that is enrolled is exempt by its token, with a count of its own',
    status: {
      kind: 'tried',
      test: 'packages/server/src/throttle/throttle.test.ts',
      mutations: [
        {
          file: 'packages/server/src/throttle/throttle.ts',
          find: 'if (await isExempt(this.#store, address, token)) {',
          replace: 'if ((await isExempt(this.#store, address, token)) && source.length === 0) {',
        },
      ],
    },
  },
  {
    id: 'R6',
    attackers: ['SRV'],
    action:
      'runs OPAQUE with another key, an earlier answer, another account, the identity or bytes that are no element',
    published: 'the checks of RFC 9807 and RFC 9497',
    answer:
      'the envelope binds the key of the server, the MAC this run, and elements are parsed strictly; no export key comes out (`server-auth-failed`, `opaque-malformed`)',
    status: {
      kind: 'tried',
      test: 'packages/crypto/src/opaque/opaque.test.ts',
      mutations: [
        {
          file: 'packages/crypto/src/opaque/envelope.ts',
          find: 'if (equal(stored.envelope, envelope)) return stored;',
          replace: 'if (stored !== null) return stored;',
        },
        {
          file: 'packages/crypto/src/opaque/client.ts',
          find: 'if (!equal(keys.serverMac, answer.serverMac)) {',
          replace: 'if (keys === null) {',
        },
        {
          file: 'packages/crypto/src/opaque/group.ts',
          find: `export function checkElement(bytes: Uint8Array): void {
  parseElement(bytes);`,
          replace: 'export function checkElement(_bytes: Uint8Array): void {',
        },
      ],
    },
  },
  {
    id: 'R7',
    attackers: ['SRV'],
    action: 'steals the database and tries a list of words offline',
    published: 'LastPass (2022)',
    answer:
      'every guess needs the OPRF seed, which lies in a file of its own outside of the database, and Argon2id on top; the test makes Argon2id free (`SOTTO_DICTIONARY_WORDS=10000` for a long list)',
    status: {
      kind: 'tried',
      test: 'packages/server/src/sessions/dictionary.test.ts',
      mutations: [
        {
          file: 'packages/crypto/src/opaque/server.ts',
          find: "const seed = oprfSeed.use((bytes) => expand(bytes, [credentialIdentifier, 'OprfKey'], SEED_BYTES));",
          replace:
            "const seed = oprfSeed.use((bytes) => expand(new Uint8Array(bytes.length), [credentialIdentifier, 'OprfKey'], SEED_BYTES));",
        },
      ],
    },
  },
  {
    id: 'R9',
    attackers: ['SRV'],
    action: 'alters the wrapped keys that it keeps bit by bit and watches what the client does at each sign-in',
    published: 'MEGA, malleable encryption (2022) and six logins (2023)',
    answer:
      'commitment and AEAD are checked before a byte of a key is used, every bit ends in the same fault, and the client asks nothing more (`open-failed`)',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/sign-in.test.ts',
      mutations: [
        {
          file: 'packages/crypto/src/committing.ts',
          find: 'if (!equal(commitment, sealed.subarray(SALT_BYTES, HEADER_BYTES))) throw openFailed();',
          replace: 'if (commitment.length === 0 || equal(commitment, EMPTY)) throw openFailed();',
        },
        {
          file: 'packages/crypto/src/node/aead.ts',
          find: `plaintext.fill(0);
      throw openFailed(cause);`,
          replace: 'if (cause === null) throw openFailed(cause);',
        },
      ],
    },
  },
  {
    id: 'Rx1',
    attackers: ['SRV'],
    action: "gives a new machine that signs in an older sigchain, another account, or none of the account's own room",
    published: null,
    answer:
      'the bundle that the passphrase opened names fingerprint, extent and account room, and the chain names the bundle (`rollback`, `identity-conflict`, `account-room-missing`); nothing is believed about anybody before the own room was read',
    status: {
      kind: 'tried',
      test: 'packages/keybox-node/src/enrol-hostile.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/enrol/own-chain.ts',
          find: "if (chain.hashes.length < facts.chain.length) throw rollback('the server shows a shorter sigchain than there was');",
          replace: '',
        },
        {
          file: 'packages/keybox/src/enrol/own-chain.ts',
          find: 'if (!chainExtends(chain, facts.chain)) {',
          replace: 'if (chain.hashes.length === 0) {',
        },
        {
          file: 'packages/keybox/src/enrol/own-chain.ts',
          find: "if (bundle.version > version) throw rollback('the server shows a sigchain from before this account bundle');",
          replace: '',
        },
        {
          file: 'packages/keybox/src/enrol/own-chain.ts',
          find: 'if (!equal(answer.fingerprint, fingerprint)) throw otherAccount();',
          replace: '',
        },
        {
          file: 'packages/keybox/src/enrol/restore.ts',
          find: 'if (!found.some((room) => equal(room, identity.accountRoom))) {',
          replace: 'if (found.length < 0) {',
        },
      ],
    },
  },
];
