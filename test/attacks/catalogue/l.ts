import type { AttackCase } from './case.ts';

export const lCases: readonly AttackCase[] = [
  {
    id: 'L1',
    attackers: ['DEV'],
    action: 'puts an older copy of a database or of the keystore in place, empties a database or takes it away',
    published: 'SQLCipher authenticates pages, not files; torn write-ahead logs',
    answer:
      'each opening is a generation that parts and keystore share (`vault-rolled-back`); a part that is missing or empty beside a keystore is damage, never a first run (`vault-damaged`); pages carry a MAC. All files at once are found out by the own records in the logs (`state-forked`)',
    status: {
      kind: 'tried',
      test: 'packages/keybox-node/src/unlock.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/vault.ts',
          find: 'if (own === generation || own === generation + 1) return;',
          replace: 'if (own >= 0) return;',
        },
        {
          file: 'packages/keybox-node/src/storage.ts',
          find: 'if (!(await this.hasPart(name))) {',
          replace: 'if (name.length === 0) {',
        },
      ],
    },
  },
  {
    id: 'L3',
    attackers: ['SRV'],
    action: 'shows an older state and calls it a restored backup, or another past since then',
    published: 'Matrix, key backup without authentication (2022)',
    answer:
      'every head carries the life of the data under the signature of the cluster: shorter in the same or an earlier life is `rollback`, another past `room-forked`, shorter in a new life `server-restored`, and then nothing is forgotten and all of it given back',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/restored/restored.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/heads.ts',
          find: 'if (known !== null && (head.length < known.length || head.incarnation < known.incarnation))',
          replace: 'if (known !== null && head.length < 0)',
        },
        {
          file: 'packages/keybox/src/heads.ts',
          find: 'if (known !== null && head.length === known.length && !equal(head.hash, known.hash)) {',
          replace: 'if (known !== null && head.length < 0 && !equal(head.hash, known.hash)) {',
        },
        {
          file: 'packages/keybox/src/heads.ts',
          find: 'if (isNewLife && head.length < known.length) {',
          replace: 'if (isNewLife && head.length < 0) {',
        },
      ],
    },
  },
  {
    id: 'L5',
    attackers: ['DEV'],
    action: 'kills the program between any two changes of the vault, while it sends and while it reads',
    published: 'lost and doubled messages after crashes, in many clients',
    answer:
      'what was received is forgotten only after it was applied, in transactions with their cursors; sending again under the same key is the same message. Clocks that jump and full disks: `faults.test.ts`, `clock-skew`',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/crash.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/projection/project.ts',
          find: 'await projectHistory(session, batch);',
          replace:
            'await session.keys.apply([forget((batch.at(-1) as InboxRow).position)]);\n    await projectHistory(session, batch);',
        },
        {
          file: 'packages/keybox/src/outbox.ts',
          find: 'const earlier = draft.key === undefined ? null : await findKey',
          replace: "const earlier = draft.key !== '' ? null : await findKey",
        },
        {
          file: 'packages/keybox/src/outbox.ts',
          find: 'INSERT INTO send_key',
          replace: 'INSERT OR REPLACE INTO send_key',
        },
      ],
    },
  },
  {
    id: 'Lx1',
    attackers: ['DEV'],
    action: 'lets two programs write one vault at the same time',
    published: null,
    answer: 'one writer holds a lock of the operating system, which ends with its process (`vault-busy`)',
    status: {
      kind: 'tried',
      test: 'packages/keybox-node/src/lock.test.ts',
      mutations: [{ file: 'packages/keybox-node/src/lock.ts', find: 'BEGIN EXCLUSIVE', replace: 'BEGIN' }],
    },
  },
  {
    id: 'Lx2',
    attackers: ['DEV'],
    action: 'puts a socket, a link, a file or a pointer in the place of the agent, to get the passphrase of its user',
    published: null,
    answer:
      'socket, directory and pointer belong to the user alone, links are not followed (`agent-untrusted`); then both ends ask the kernel who the other is (`peer.test.ts`) before a byte is written',
    status: {
      kind: 'tried',
      test: 'packages/agent/src/place.test.ts',
      mutations: [
        {
          file: 'packages/agent/src/place.ts',
          find: 'if (!stat.isSocket() || stat.uid !== process.getuid?.() || (stat.mode & 0o077) !== 0) {',
          replace: 'if (stat.mode === 0) {',
        },
        {
          file: 'packages/agent/src/place.ts',
          find: 'if (stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0) return;',
          replace: 'if (stat.mode !== 0) return;',
        },
        {
          file: 'packages/agent/src/place.ts',
          find: 'if (!stat.isFile() || stat.uid !== process.getuid?.() || (stat.mode & 0o022) !== 0) {',
          replace: 'if (stat.mode === 0) {',
        },
      ],
    },
  },
];
