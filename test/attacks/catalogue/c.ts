import type { AttackCase } from './case.ts';

export const cCases: readonly AttackCase[] = [
  {
    id: 'C1',
    attackers: ['SRV'],
    action: 'gives another key for somebody, at the first contact or when something is shared',
    published:
      'Albrecht et al. 2025 (Sync, pCloud, Tresorit: unauthenticated public keys); Albrecht et al. 2024 (Nextcloud)',
    answer:
      'an identity is pinned once and never replaced (`identity-conflict`); before both have compared fingerprints it is shown as unverified, and a policy of verified contacts seals nothing to it (`unverified`)',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/contacts.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/contact-reception.ts',
          find: 'if (contact.fingerprint !== null && !equal(contact.fingerprint, chain.fingerprint))',
          replace: 'if (false)',
        },
        {
          file: 'packages/keybox/src/contact-reception.ts',
          find: 'if (known?.fingerprint != null && !equal(known.fingerprint, chain.fingerprint))',
          replace: 'if (false)',
        },
        {
          file: 'packages/keybox/src/policy/in-force.ts',
          find: 'if (!(await policyInForce(session)).verifiedOnly) return;',
          replace: 'return;',
        },
      ],
    },
  },
  {
    id: 'C3',
    attackers: ['SRV'],
    action: 'shows Alice one log of all keys and Bob another',
    published:
      'Melara et al. 2015 (CONIKS), Chase et al. 2019 (SEEMless); Keybase, auditor of every second entry (2019)',
    answer:
      'era statements and the account room carry the checkpoint that their author verified: the first that passes between two readers, or one sign-in, meets another root (`split-view`, `rollback`); both signed checkpoints are kept as evidence and nothing is sent',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/transparency/transparency.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/transparency/gossip.ts',
          find: 'await compare(reader, heard, { own, other });',
          replace: '',
        },
      ],
    },
  },
  {
    id: 'Cx1',
    attackers: ['SRV'],
    action: 'has other keys of somebody in the log than they signed, for good or for a moment',
    published: null,
    answer:
      'the owner looks up every epoch, contacts what they rely on, and compare it with the chain (`split-view`); what was shown is kept as evidence',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/transparency/transparency.test.ts',
      mutations: [
        {
          file: 'packages/transparency/src/monitor.ts',
          find: "if (!equal(entry.account, chain.account)) throw splitView('the log names another account for the address');",
          replace: '',
        },
        {
          file: 'packages/transparency/src/monitor.ts',
          find: 'if (hash === null || !equal(hash, entry.hash))',
          replace: 'if (false)',
        },
        {
          file: 'packages/keybox/src/transparency/entries.ts',
          find: "if (state === 'ahead') throw contradiction('split-view', 'it has statements that the server does not give');",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'C5',
    attackers: ['CON', 'MEM'],
    action: 'rings with contact requests without end, or forges receipts',
    published: 'Gegenhuber et al. 2024 (Careless Whisper)',
    answer:
      'ten requests to one address and then one an hour (`throttled`), one entry for all of them; nobody but members gets receipts, at most one a minute, and one that names another past counts nothing',
    status: {
      kind: 'tried',
      test: 'test/attacks/c.test.ts',
      mutations: [
        {
          file: 'packages/server/src/accounts/pace.ts',
          find: "if (wait > 0) throw slowDown(wait, 'too many contact requests to one address');",
          replace: '',
        },
        {
          file: 'packages/keybox/src/contact-reception.ts',
          find: "if (known?.state === 'incoming') return;",
          replace: '',
        },
        {
          file: 'packages/keybox/src/projection/marks.ts',
          find: 'if (length > n || line === undefined || !equal(line.hash, hash)) return false;',
          replace: '',
        },
      ],
    },
  },
  {
    id: 'C6',
    attackers: ['SRV'],
    action: 'lets somebody who is no contact reach a person',
    published: 'missing checks on the side of the receiver, a class of bugs',
    answer: 'the client keeps the list itself: a room that a stranger brought is told of in the key log and not listed',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/contacts.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/room-effects.ts',
          find: 'this.hidden = !(await this.#reader.isContact(statement.author));',
          replace: 'this.hidden = false;',
        },
      ],
    },
  },
  {
    id: 'Cx5',
    attackers: ['CON'],
    action: 'was blocked, and writes into the old direct room to learn from receipts when somebody is there',
    published: null,
    answer: 'a client sends no receipts in a direct room to who is not its contact; its own devices know what was read',
    status: {
      kind: 'tried',
      test: 'test/attacks/c.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/receipts.ts',
          find: 'if (!(await isContact(fingerprint))) return false;',
          replace: '',
        },
      ],
    },
  },
  {
    id: 'Cx2',
    attackers: ['SRV'],
    action: 'makes up somebody under the address of the account itself, who asks to be its contact',
    published: null,
    answer: 'a contact statement under the own address is `identity-conflict`',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/contacts.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/contact-reception.ts',
          find: 'if (authorAddress === identity.address) {',
          replace: 'if (false) {',
        },
      ],
    },
  },
  {
    id: 'Cx3',
    attackers: ['SRV'],
    action: 'tells who is there of people who are no contacts, or blocked',
    published: null,
    answer: 'presence is shown of mutual contacts in the verified list of the client alone',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/presence/presence.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/presence/presence.ts',
          find: "if (contact?.state !== 'mutual' || contact.fingerprint === null) return null;",
          replace: 'if (contact === null || contact.fingerprint === null) return view;',
        },
      ],
    },
  },
  {
    id: 'Cx4',
    attackers: ['SRV'],
    action: 'puts a profile back that was replaced',
    published: null,
    answer: 'versions are signed and never fall (`profile-invalid`), and what was known stays',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/profile/profile.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/profile/others.ts',
          find: 'if (statement.version < seen) {',
          replace: 'if (false) {',
        },
      ],
    },
  },
];
