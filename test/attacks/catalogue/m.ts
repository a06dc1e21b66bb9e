import type { AttackCase } from './case.ts';

export const mCases: readonly AttackCase[] = [
  {
    id: 'M1',
    attackers: ['SRV'],
    action: 'gives a record a second time: in its room, in another, after a restart',
    published: 'Paterson, Scarlata, Truong 2023 (Threema)',
    answer:
      "room, era, device and its sequence are signed, and the state that counts them is written with what was read: `seq-conflict`, `bad-seen`, `wrong-room`; the other room's key would not open it either",
    status: {
      kind: 'tried',
      test: 'test/attacks/m.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/room-record.ts',
          find: "if (header.seq < due) throw new ProtocolPeerFault('seq-conflict', 'a sequence number that was used before');",
          replace: '',
        },
        {
          file: 'packages/protocol/src/room-record.ts',
          find: "if (seen.length < last) throw badSeen('older than what the device saw before');",
          replace: '',
        },
        {
          file: 'packages/protocol/src/room-record.ts',
          find: "if (!equal(header.room, state.id)) throw new ProtocolPeerFault('wrong-room', 'a record of another room');",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'M3',
    attackers: ['SRV'],
    action: 'swaps two records and signs a new head for that',
    published: 'Albrecht et al. 2022 (Telegram); Paterson, Scarlata, Truong 2023 (Threema)',
    answer:
      'each names the one before: the later shows with a gap, the earlier is `seq-conflict`; where the later had seen the earlier, its `seen` proves it (`rollback`)',
    status: {
      kind: 'tried',
      test: 'test/attacks/m.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/room-record.ts',
          find: "if (header.seq < due) throw new ProtocolPeerFault('seq-conflict', 'a sequence number that was used before');",
          replace: '',
        },
        {
          file: 'packages/protocol/src/room-record.ts',
          find: "if (seen.length > state.length) throw new ProtocolPeerFault('rollback', 'the cluster signed a longer log before');",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'M4',
    attackers: ['SRV'],
    action: 'leaves a record out, in the middle or at the end, and signs a new head for that',
    published: 'Paterson, Scarlata, Truong 2023 (Threema); Mazieres, Shasha 2002 (fork consistency)',
    answer:
      "in the middle the device's sequence shows a gap, which the key log tells; at the end the first entry of who has seen more is `rollback`, with both heads as evidence",
    status: {
      kind: 'tried',
      test: 'test/attacks/m.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/room-judge.ts',
          find: 'if (applied.record.gap) this.#follower.gap(applied.record.n);',
          replace: '',
        },
        {
          file: 'packages/protocol/src/room-record.ts',
          find: "if (seen.length > state.length) throw new ProtocolPeerFault('rollback', 'the cluster signed a longer log before');",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'M6',
    attackers: ['SRV'],
    action: 'shows a room as it was last week',
    published: 'Mazieres, Shasha 2002 (SUNDR)',
    answer:
      'the newest signed head is kept: a shorter one is `rollback`, both are evidence, nothing that was read is lost; only a higher incarnation says that the server was restored, and then members give back what they have',
    status: {
      kind: 'tried',
      test: 'test/attacks/m.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/heads.ts',
          find: 'if (known !== null && (head.length < known.length || head.incarnation < known.incarnation))',
          replace: 'if (false)',
        },
      ],
    },
  },
  {
    id: 'M8',
    attackers: ['MEM'],
    action: 'edits or deletes the message of somebody else',
    published: 'missing authorisation inside groups, a class of bugs',
    answer: 'each client asks who signed both: it changes nothing and is told; admins may delete',
    status: {
      kind: 'tried',
      test: 'test/attacks/m.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/projection/history.ts',
          find: "if (!own) return { refused: 'edit' };",
          replace: '',
        },
        {
          file: 'packages/keybox/src/projection/history.ts',
          find: "if (!own && !isAdmin(parsed.role)) return { refused: 'deletion' };",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'M10',
    attackers: ['SRV', 'MEM'],
    action: 'learns a text from the sizes of ciphertexts, its own guesses beside it',
    published: 'CRIME (Rizzo, Duong 2012); Paterson, Scarlata, Truong 2023 (Threema, backups)',
    answer: 'nothing is compressed before it is encrypted, and every body is padded to 256 bytes or by Padmé',
    status: {
      kind: 'tried',
      test: 'test/attacks/m-sizes.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/padding.ts',
          find: 'return Math.ceil(length / unit) * unit;',
          replace: 'return length;',
        },
        {
          file: 'packages/protocol/src/limits.ts',
          find: 'export const MIN_PADDED_BYTES = 256;',
          replace: 'export const MIN_PADDED_BYTES = 0;',
        },
      ],
    },
  },
  {
    id: 'M11',
    attackers: ['MEM'],
    action: 'writes what breaks whoever shows it: control sequences, turned directions, a text without end',
    published: 'CVE-2018-10994 (Signal Desktop); Boucher, Anderson 2021 (Trojan Source)',
    answer:
      'a text is at most 64 KiB (`format-malformed`, shown as unreadable); the command line replaces what drives a terminal or turns the direction; nothing is taken for markup',
    status: {
      kind: 'tried',
      test: 'test/attacks/m.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/body.ts',
          find: 'const text = boundedText(MAX_TEXT_BYTES);',
          replace: 'const text = boundedText(2 ** 30);',
        },
        {
          file: 'packages/cli/src/terminal.ts',
          find: "replaceAll('\\r\\n', '\\n').replaceAll(UNSAFE, '\\ufffd')",
          replace: "replaceAll('\\r\\n', '\\n')",
        },
      ],
    },
  },
  {
    id: 'M12',
    attackers: ['MEM'],
    action: 'sends a link whose preview makes reader or server fetch an internal, huge or tracking address',
    published: 'Mysk, Bakry 2020; CVE-2023-32683 (Synapse)',
    answer: 'clients connect to their home server alone, and servers to nobody that a client names',
    status: {
      kind: 'not-applicable',
      because: 'nothing fetches what a message names: there are no previews of links.',
    },
  },
  {
    id: 'Mx1',
    attackers: ['MEM'],
    action: 'has the server drop the bodies of what others wrote',
    published: null,
    answer: 'only authors and admins drop, by a signed position; readers refuse the record (`record-invalid`)',
    status: {
      kind: 'tried',
      test: 'test/attacks/m.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/room-record.ts',
          find: "throw invalid('drops the record of somebody else');",
          replace: ';',
        },
      ],
    },
  },
  {
    id: 'Mx2',
    attackers: ['MEM'],
    action: 'writes under the id of a message of somebody else',
    published: null,
    answer: 'an id is that of the first record in the log that carries it: the other is told of and not shown',
    status: {
      kind: 'tried',
      test: 'test/attacks/m.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/projection/history.ts',
          find: "if (!isFirst && !equal(known.author, author)) return { refused: 'message-id' };",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'Mx3',
    attackers: ['MEM'],
    action:
      'claims to have seen a head that the cluster never signed, or signed for another room, to halt the room for others',
    published: null,
    answer: '`bad-seen`: the record is skipped, the room goes on',
    status: {
      kind: 'tried',
      test: 'test/attacks/m.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/room-record.ts',
          find: 'await input.verifySeen(seen);',
          replace: '',
        },
      ],
    },
  },
  {
    id: 'Mx4',
    attackers: ['SRV'],
    action: 'shows somebody a room in which they never were',
    published: null,
    answer: 'a log in which the account does not stand is not kept (`not-a-member`)',
    status: {
      kind: 'tried',
      test: 'test/attacks/m.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/room-sync.ts',
          find: "if (!judge.isKeepable) throw new ProtocolPolicyFault('not-a-member', 'the server shows a room of others');",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'Mx5',
    attackers: ['SRV'],
    action: 'says that it was restored from a backup, to show another past',
    published: null,
    answer: 'a new incarnation excuses a shorter log and no other one: `room-forked`',
    status: {
      kind: 'tried',
      test: 'test/attacks/m.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/heads.ts',
          find: 'if (known !== null && head.length === known.length && !equal(head.hash, known.hash)) {',
          replace: 'if (false) {',
        },
      ],
    },
  },
  {
    id: 'Mx6',
    attackers: ['SRV'],
    action: 'withholds a removal from the skeleton of a long log that a new device reads',
    published: null,
    answer:
      'what is shown on the ground of a skeleton is provisional: the judged log finds the statement (`log-broken`), and all of it is taken back',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/archive/archive.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/archive/backfill.ts',
          find: 'const lied = liedAbout(batch, stretches);',
          replace: 'const lied = null as Fault | null;',
        },
      ],
    },
  },
  {
    id: 'Mx7',
    attackers: ['SRV'],
    action: 'gives the removal of a member as a malformed record, which readers would skip',
    published: null,
    answer: 'what was signed says what it is: `log-broken`, and the room waits for the statement',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/archive/archive.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/room-judge.ts',
          find: "if (entry.kind !== kindOf(entry)) throw broken('an entry that is given for what it is not');",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'Mx8',
    attackers: ['MEM'],
    action: 'renames the room without being an admin',
    published: null,
    answer: 'readers ask for the role at the position of the record: it changes nothing and is told',
    status: {
      kind: 'tried',
      test: 'test/attacks/m.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/projection/history.ts',
          find: 'return isAdmin(row.parsed.role)',
          replace: 'return true',
        },
      ],
    },
  },
];
