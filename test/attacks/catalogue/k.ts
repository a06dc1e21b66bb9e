import type { AttackCase } from './case.ts';

export const kCases: readonly AttackCase[] = [
  {
    id: 'K1',
    attackers: ['SRV', 'MEM'],
    action: 'adds a member without the right to, or in the name of somebody who has it',
    published: 'Roesler et al. 2018 (WhatsApp, Signal groups); Albrecht et al. 2022 (Matrix) and 2025 (WhatsApp)',
    answer:
      'only a roster statement that a device of an admin signed changes membership: `role-insufficient` is skipped, `bad-signature` halts the room until the signed bytes come',
    status: {
      kind: 'tried',
      test: 'test/attacks/k.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/room-statement.ts',
          find: "if (!isAdmin(actor.role) || !mayGive(actor, body.role)) throw roleInsufficient('add a member with that role');",
          replace: '',
        },
        {
          file: 'packages/protocol/src/room-statement.ts',
          find: "await suites.byId(chain.suite).signature.verify(device.signing, 'sotto/roster/v1', envelope.signed, signature);",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'K3',
    attackers: ['SRV'],
    action: 'asks for a key of the room with a device that the account never admitted',
    published: 'CVE-2021-40823 and CVE-2021-40824 (Matrix key sharing)',
    answer:
      'whoever gives a key reads the newest chain first: a device that is not active there is `device-unendorsed`; a person approves, and both key logs tell it',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/key-requests/key-requests.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/key-requests/answer.ts',
          find: "if (asking === null || asking.kind !== 'keybox') {",
          replace: 'if (false) {',
        },
      ],
    },
  },
  {
    id: 'K5',
    attackers: ['SRV', 'MEM'],
    action: 'puts a record that is keyed for the whole room into one where each member is due a key of its own',
    published: 'CVE-2022-39251 (Matrix): messages of the group protocol taken in the pairwise one',
    answer: 'keying is signed in `create`, and a record that is keyed otherwise is `record-invalid`',
    status: {
      kind: 'tried',
      test: 'test/attacks/k.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/room-record.ts',
          find: "if ((header.keys !== null) !== (state.keying === 'per-message')) throw invalid('keyed otherwise than its room');",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'K7',
    attackers: ['MEM'],
    action: 'gives members different keys of one era or one record, so that they read different texts',
    published: 'Dodis et al. 2018 (invisible salamanders); reports of 2025 on XChat',
    answer:
      'era secret and message key are committed to in what their author signed: `era-commitment-mismatch`, told with the author, and nothing opens',
    status: {
      kind: 'tried',
      test: 'test/attacks/k.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/era.ts',
          find: 'if (equal(eraCommitment(eraSecret, room, era), commitment)) return;',
          replace: 'return;',
        },
        {
          file: 'packages/protocol/src/record.ts',
          find: 'if (!equal(messageKeyCommitment(messageKey, header), header.keys.commitment)) {',
          replace: 'if (false) {',
        },
        {
          file: 'packages/keybox/src/open-record.ts',
          find: 'equal(messageKeyCommitment(key, header), header.keys.commitment)',
          replace: 'true',
        },
      ],
    },
  },
  {
    id: 'K8',
    attackers: ['EXM', 'SRV'],
    action: 'writes, or reads on, with the keys of before the removal',
    published: 'continuous group key agreement: post-removal security',
    answer:
      'the removal itself starts an era under a fresh secret; what comes after it by a former member is `record-author-unknown`, under an old era `era-superseded`',
    status: {
      kind: 'tried',
      test: 'test/attacks/k.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/room-record.ts',
          find: "if (member === undefined) throw new ProtocolPeerFault('record-author-unknown', 'written by no member of the room');",
          replace: "if (member === undefined) return { fingerprint: header.author, role: 'member' } as RoomMember;",
        },
        {
          file: 'packages/keybox/src/era-keys.ts',
          find: 'const secret = new Secret(primitives.randomBytes(32));',
          replace: 'const secret = (await this.secret(room, number - 1)) ?? new Secret(primitives.randomBytes(32));',
        },
      ],
    },
  },
  {
    id: 'K9',
    attackers: ['SRV'],
    action: 'forks a room: shows some members one past and others another',
    published: 'RFC 9750, section 5 (delivery service); SUNDR (Mazieres, Shasha 2002)',
    answer:
      'every record and statement names a head that its author saw: `room-forked` halts the room at the first that comes over, sending stops, both signed heads are kept',
    status: {
      kind: 'tried',
      test: 'test/attacks/k.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/room-record.ts',
          find: 'if (hash !== null && !equal(hash, seen.hash)) {',
          replace: 'if (false) {',
        },
        {
          file: 'packages/protocol/src/room-statement.ts',
          find: 'if (hash !== null && !equal(hash, extent.hash)) {',
          replace: 'if (false) {',
        },
      ],
    },
  },
  {
    id: 'K10',
    attackers: ['MEM'],
    action: 'names a key counter far ahead, so that readers derive keys without end',
    published: 'CVE-2026-59644 (Bouncy Castle MLS)',
    answer:
      'there is no ratchet to run: each key is one derivation, and a record under any era but the one in force is `era-superseded` before a key is touched',
    status: {
      kind: 'tried',
      test: 'test/attacks/k.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/room-record.ts',
          find: "if (header.era !== era.era) throw new ProtocolPeerFault('era-superseded', 'not the era in force at its position');",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'K13',
    attackers: ['CON'],
    action: 'fetches all one-time keys of somebody, so that others have to use a weaker one',
    published: 'Prekey Pogo (2025)',
    answer: 'whoever seals uses the user key in force, which is as good the thousandth time',
    status: { kind: 'not-applicable', because: 'no one-time keys lie at the server that anybody could use up.' },
  },
  {
    id: 'K15',
    attackers: ['SRV', 'MEM'],
    action: 'delivers what was sealed for one use as what is sealed for another, under the same keys',
    published: 'Paterson, Scarlata, Truong 2023 (Threema, vouch box); Degabriele et al. 2012 (EMV)',
    answer:
      'every seal and derivation is bound to its purpose by a label of its own: anything else is `open-failed`; signatures carry a tag (D2)',
    status: {
      kind: 'tried',
      test: 'test/attacks/k-keys.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/era.ts',
          find: 'return { purpose, context };',
          replace: "return { purpose: 'sotto/seal/era-secret/v1', context };",
        },
      ],
    },
  },
  {
    id: 'K16',
    attackers: ['SRV', 'MEM'],
    action: 'brings a weaker suite into a room, names an unknown one, or adds a field that only newer versions know',
    published: 'Bhargavan et al. 2016 (downgrade resilience); Hofmann, Truong 2024 (Seafile)',
    answer:
      'nothing is negotiated: the suite of an account stands in its signed genesis, the least one in the signed `create` (`suite-too-weak`, `suite-unknown`, `format-malformed`), and a record is in the suite of its author (`record-invalid`)',
    status: {
      kind: 'tried',
      test: 'test/attacks/k-keys.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/room-statement.ts',
          find: 'if (suite === minimum) return;',
          replace: 'return;',
        },
        {
          file: 'packages/protocol/src/room-record.ts',
          find: "if (chain.suite !== header.suite) throw invalid('written in another suite than its author');",
          replace: '',
        },
        {
          file: 'packages/protocol/src/record.ts',
          find: 'suite: z.int().check(z.minimum(1), z.maximum(0xffff)),',
          replace: 'suite: z.int(),',
        },
        {
          file: 'packages/protocol/src/roster.ts',
          find: 'z.strictObject({ ...frame, type: z.literal(type), body: bodies[type] })',
          replace: 'z.object({ ...frame, type: z.literal(type), body: bodies[type] })',
        },
      ],
    },
  },
  {
    id: 'Kx1',
    attackers: ['MEM'],
    action: 'seals a message key to one more, or one less, than the members',
    published: null,
    answer: 'readers compare the rows that were signed with the table in force: `era-table-invalid`',
    status: {
      kind: 'tried',
      test: 'test/attacks/k.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/room-record.ts',
          find: "if (!exact) throw new ProtocolPeerFault('era-table-invalid', 'message keys for others than the members');",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'Kx2',
    attackers: ['SRV', 'EXM'],
    action: 'takes records under the old era though somebody has left',
    published: null,
    answer: 'whoever writes makes the new era first, whatever the server takes',
    status: {
      kind: 'tried',
      test: 'test/attacks/k.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/rotation.ts',
          find: 'if (state.rekeyDue || !era.valid || era.records >= ERA_RECORDS) return true;',
          replace: '',
        },
      ],
    },
  },
  {
    id: 'Kx3',
    attackers: ['MEM'],
    action: 'dates an era to the far future, so that its key serves for ever',
    published: null,
    answer: 'an era that is dated a week ahead is due like one that is a week old, with the next record',
    status: {
      kind: 'tried',
      test: 'test/attacks/k.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/rotation.ts',
          find: 'const age = Math.abs(session.clock.now() - era.at);',
          replace: 'const age = session.clock.now() - era.at;',
        },
      ],
    },
  },
  {
    id: 'Kx4',
    attackers: ['MEM'],
    action: 'asks for a key under the id of a request of somebody else, or asks without end',
    published: null,
    answer: 'an id is that of the first account that used it; what is repeated is told once',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/key-requests/key-requests.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/key-requests/store.ts',
          find: 'AND NOT EXISTS (SELECT 1 FROM key_request WHERE room = ? AND id = ? AND author <> ?)',
          replace: 'AND (? = ? OR ? IS NOT NULL)',
        },
        {
          file: 'packages/keybox/src/key-requests/follow.ts',
          find: 'return logKeyOnce(this',
          replace: 'return logKey(this',
        },
      ],
    },
  },
  {
    id: 'Kx5',
    attackers: ['DEV', 'SRV'],
    action: 'goes on with a revoked device, under the chain as it once was',
    published: null,
    answer:
      'the log names the longest chain of each member that was seen: `record-invalid`, `roster-stale` under a shorter one',
    status: {
      kind: 'tried',
      test: 'test/attacks/k-keys.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/room-record.ts',
          find: 'if (row === undefined || header.chain.length < row.length)',
          replace: 'if (row === undefined)',
        },
        {
          file: 'packages/protocol/src/room-statement.ts',
          find: 'if (statement.chain.length < member.named.length) {',
          replace: 'if (false) {',
        },
      ],
    },
  },
  {
    id: 'Kx6',
    attackers: ['SRV', 'EXM'],
    action: 'gives the statement again that once added a member, after their removal',
    published: null,
    answer: 'a statement names the one before it, and counts nowhere else: `roster-stale`',
    status: {
      kind: 'tried',
      test: 'test/attacks/k.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/room-statement.ts',
          find: 'if (statement.prevStatement === null || !equal(statement.prevStatement, state.statementHash)) {',
          replace: 'if (false) {',
        },
      ],
    },
  },
  {
    id: 'Kx9',
    attackers: ['SRV', 'MEM'],
    action:
      'lets other entries of a large era lie in parts than those that its statement signs: missing, extra, swapped, altered',
    published: null,
    answer:
      'a statement that comes without its entries counts only with one for each row under the signed root (`era-parts-missing`, `roster-invalid`); parts are those of the device that signs; each member verifies its own by the path to that root',
    status: {
      kind: 'tried',
      test: 'packages/server/src/api/era-parts.test.ts',
      mutations: [
        {
          file: 'packages/server/src/rooms/statement.ts',
          find: 'if (isStaged && entries.length < rows.length) {',
          replace: 'if (isStaged && entries.length < 0) {',
        },
        {
          file: 'packages/server/src/rooms/statement.ts',
          find: 'if (rows.length !== entries.length) throw',
          replace: 'if (rows.length < 0) throw',
        },
        {
          file: 'packages/protocol/src/room-statement.ts',
          find: 'if (!equal(entriesRoot(leaves), era.entries)) throw',
          replace: 'if (leaves.length < 0) throw',
        },
      ],
    },
  },
];
