import type { AttackCase } from './case.ts';

export const dCases: readonly AttackCase[] = [
  {
    id: 'D1',
    attackers: ['SRV'],
    action: 'adds a device of its own to the account of a victim and publishes it',
    published: 'the ghost proposal (Levy, Robinson 2018); companion devices of messengers',
    answer:
      'a device counts only if an active device of the same account signed its admission, a certificate admits nothing; contacts and own devices refuse the chain, tell it in the key log and seal nothing to it (`chain-signer-invalid`)',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/heads.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/chain.ts',
          find: 'const devices = parsed.signers.map((signer) => activeDevice(chain, signer));',
          replace: `const added = parsed.type === 'device.add' ? parsed.body.device : null;
  const ghost = added === null ? null : { ...added, addedAt: 0, revokedAt: null, expiresAt: null };
  const devices = parsed.signers.map((id) => activeDevice(chain, id) ?? (ghost === null ? null : { ...ghost, id }));`,
        },
      ],
    },
  },
  {
    id: 'D2',
    attackers: ['SRV'],
    action: 'presents what a device signed for another purpose as its endorsement of a new device',
    published: 'Threema, confusion of two protocols (2023)',
    answer:
      'there is one function that signs, over the purpose and the message; the purposes are a closed list (`bad-signature`)',
    status: {
      kind: 'tried',
      test: 'packages/protocol/src/chain.test.ts',
      mutations: [
        {
          file: 'packages/crypto/src/tags.ts',
          find: 'const label = utf8(tag);',
          replace: 'const label = utf8(tag).subarray(0, 0);',
        },
      ],
    },
  },
  {
    id: 'D4',
    attackers: ['SRV'],
    action: 'hides a revocation: shows an older list of devices, or none any more',
    published: 'fork and rollback (SUNDR); revocation lists with unsigned versions',
    answer:
      'a chain only grows, both signed heads are kept and nothing is sealed (`rollback`); what no head of the last day vouches for is not sealed to (`head-too-old`)',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/heads.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/heads.ts',
          find: `if (known !== null && (head.length < known.length || head.incarnation < known.incarnation))
      await this.contradicted(subject, { known, head, code: 'rollback' });`,
          replace: '',
        },
        {
          file: 'packages/keybox/src/chains.ts',
          find: 'if (answer.head.length < from) throw shorter();',
          replace: '',
        },
        {
          file: 'packages/keybox/src/heads.ts',
          find: 'return row !== undefined && Math.abs(this.#session.clock.now() - row.seen_at) <= MAX_HEAD_AGE_MILLISECONDS;',
          replace: 'return row !== undefined;',
        },
      ],
    },
  },
  {
    id: 'D6',
    attackers: ['SRV'],
    action: 'shows an account in two versions to two contacts, each signed',
    published: 'split views of key directories; Keybase, auditor of every second entry (2019)',
    answer:
      'certificates are no keys here; of the chain both signed heads are kept as evidence, told, and nothing is sealed (`split-view`); records and receipts of contacts name the version that they saw',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/heads.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/heads.ts',
          find: 'if (known !== null && head.length === known.length && !equal(head.hash, known.hash)) {',
          replace: `if (known !== null && subject.kind === 'room' && head.length === known.length && !equal(head.hash, known.hash)) {`,
        },
        {
          file: 'packages/keybox/src/chains.ts',
          find: 'if (complete && !chainExtends(chain, answer.head)) {',
          replace: 'if (complete && chain === null) {',
        },
      ],
    },
  },
  {
    id: 'D7',
    attackers: ['CON'],
    action:
      'shows a certificate with the rights of a CA, missing, unknown or shuffled extensions, another purpose, life or time, or by another CA of the same name',
    published: 'basic constraints ignored (2009); Node CVE-2021-44531 to 44533',
    answer:
      'the certificate that our specification prescribes for these names is built and must be equal byte for byte (`certificate-profile`); then signature and time (`certificate-signature`, `certificate-expired`)',
    status: {
      kind: 'tried',
      test: 'packages/pki/src/certificate.test.ts',
      mutations: [
        {
          file: 'packages/pki/src/verify.ts',
          find: 'if (!hasProfileTime(certificate, rules.days) || !equal(expected, certificate.tbs)) throw offProfile();',
          replace: 'if (expected.length === 0) throw offProfile();',
        },
        {
          file: 'packages/pki/src/verify.ts',
          find: 'if (subject === null || !rules.isKey(key) || !hasProfileSerial(certificate)) throw offProfile();',
          replace: 'if (subject === null) throw offProfile();',
        },
        {
          file: 'packages/pki/src/verify.ts',
          find: "if (!equal(certificate.issuer, ca.subject)) throw refused('certificate-issuer', 'issued by another CA');",
          replace: '',
        },
        {
          file: 'packages/pki/src/verify.ts',
          find: "if (!verified) throw refused('certificate-signature', 'not signed by the CA');",
          replace: '',
        },
        { file: 'packages/pki/src/verify.ts', find: '  checkValidity(certificate, options);', replace: '' },
      ],
    },
  },
  {
    id: 'D8',
    attackers: ['NET'],
    action: 'stands in for the server with a CA of its own for that name',
    published: 'DigiNotar; compromised public CAs',
    answer:
      'the CA is pinned by its fingerprint, on a new machine as well if its user was told it; no question is asked that could be clicked away (`certificate-issuer`)',
    status: {
      kind: 'tried',
      test: 'packages/keybox-node/src/enrol-hostile.test.ts',
      mutations: [
        {
          file: 'packages/pki/src/verify.ts',
          find: `if (fingerprint !== undefined && !equal(fingerprint, computed))
    throw refused('certificate-issuer', 'not the pinned CA');`,
          replace: '',
        },
      ],
    },
  },
  {
    id: 'D10',
    attackers: ['CON'],
    action:
      'sends ASN.1 nested 10,000 deep, of elements without end, with indefinite or padded lengths, bytes behind it, sets out of order',
    published: 'node-forge CVE-2025-12816, CVE-2025-66030, CVE-2025-66031',
    answer:
      'DER alone, proven canonical as a whole before anything is read: 32 levels, a bound of elements, exact lengths (`der-malformed`); the work is counted, not timed',
    status: {
      kind: 'tried',
      test: 'packages/pki/src/der/der.test.ts',
      mutations: [
        {
          file: 'packages/pki/src/der/check.ts',
          find: 'const budget = { elements: MAX_DER_ELEMENTS };',
          replace: 'const budget = { elements: MAX_DER_ELEMENTS };\n  if (budget.elements > 0) return;',
        },
      ],
    },
  },
  {
    id: 'D11',
    attackers: ['DEV'],
    action:
      'puts a PKCS#12 file in place: no MAC, a SHA-1 MAC, few iterations or ten million, contents under another MAC',
    published: 'OpenSSL CVE-2024-0727',
    answer:
      'an own strict reader: bounds are checked before anything runs, a MAC is required and checked before anything is decrypted (`pkcs12-profile`, `kdf-downgrade`, `kdf-too-costly`, `open-failed`)',
    status: {
      kind: 'tried',
      test: 'packages/pki/src/pkcs12/key-file.test.ts',
      mutations: [
        {
          file: 'packages/pki/src/pkcs12/bounds.ts',
          find: `if (iterations < MIN_KDF_ITERATIONS) throw new CryptoPolicyFault('kdf-downgrade', 'too few iterations', { detail });
  if (iterations > MAX_KDF_ITERATIONS) throw new CryptoPolicyFault('kdf-too-costly', 'too many iterations', { detail });`,
          replace: 'if (detail.iterations < 0) throw new CryptoPolicyFault("kdf-downgrade", "");',
        },
        {
          file: 'packages/pki/src/pkcs12/pfx.ts',
          find: "if (fields.next === null) throw offProfile('a key file without MAC');",
          replace: 'if (fields.next === null) return { authSafe, mac: content, salt: content, iterations: 600_000 };',
        },
        {
          file: 'packages/pki/src/pkcs12/pfx.ts',
          find: "if (algorithm === null || value.length !== 32) throw offProfile('a MAC that is not HMAC-SHA-256');",
          replace: '',
        },
        {
          file: 'packages/pki/src/pkcs12/pfx.ts',
          find: 'if (!equal(computeMac(key.password, authSafe, { salt, iterations }), mac)) throw openFailed();',
          replace: '',
        },
      ],
    },
  },
  {
    id: 'Dx1',
    attackers: ['SRV'],
    action:
      'puts a device of its own, or the request of another code, into the mailbox of a link code, or answers in the place of the device that was asked',
    published: null,
    answer:
      'mailbox, request and answer each have a key of their own from the code, which only the two screens know; the answer names the request (`link-request-invalid`, `link-answer-invalid`)',
    status: {
      kind: 'tried',
      test: 'packages/keybox-node/src/enrol-link.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/link.ts',
          find: `return equal(
    key.use((bytes) => hmacSha256(bytes, content)),
    mac,
  )
    ? content
    : null;`,
          replace: 'return key.length + mac.length > 0 ? content : null;',
        },
        {
          file: 'packages/protocol/src/link.ts',
          find: 'if (answer !== null && equal(answer.request, asked) && answer.address === request.address) return answer;',
          replace: 'if (answer !== null && asked.length > 0) return answer;',
        },
      ],
    },
  },
  {
    id: 'Dx2',
    attackers: ['SRV'],
    action:
      'gives somebody who recovers an account a sigchain from before the kit, another account, or none of its own room',
    published: null,
    answer:
      'the sealed bundle of the kit names fingerprint, extent and account room (`rollback`, `identity-conflict`, `account-room-missing`)',
    status: {
      kind: 'tried',
      test: 'packages/keybox-node/src/enrol-recovery.test.ts',
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
  {
    id: 'Dx3',
    attackers: ['DEV'],
    action: 'stops the clock of a borrowed computer, so that the device on it never ends',
    published: null,
    answer:
      'the other devices of the account revoke it by their own clocks, which no signed head may contradict by more than a day (`clock-skew`)',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/devices/devices.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/devices/devices.ts',
          find: 'expiresAt !== null && expiresAt <= clock.now() && !equal(id, identity.deviceId);',
          replace: 'expiresAt !== null && expiresAt < 0 && clock.now() > 0 && !equal(id, identity.deviceId);',
        },
      ],
    },
  },
];
