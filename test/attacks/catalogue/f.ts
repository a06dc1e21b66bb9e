import type { AttackCase } from './case.ts';

export const fCases: readonly AttackCase[] = [
  {
    id: 'F1',
    attackers: ['SRV'],
    action: 'reorders, drops, doubles, cuts or swaps chunks of a blob, or gives that of another file',
    published: 'pCloud, Seafile, Icedrive (Hofmann and Truong, 2024)',
    answer:
      'STREAM: index and last flag in the nonce, room, record and size under the key, the content hash in the signed record: `file-damaged`, and nothing has the final name before all is verified',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/files/lying-blobs.test.ts',
      mutations: [
        { file: 'packages/crypto/src/node/aead.ts', find: '      decipher.final();\n', replace: '' },
        {
          file: 'packages/crypto/src/stream.ts',
          find: 'if (head.length === STREAM_HEAD_BYTES && equal(head.subarray(PREFIX_BYTES), commitment)) {',
          replace: 'if (commitment.length > 0) {',
        },
        {
          file: 'packages/keybox/src/files/download.ts',
          find: 'if (equal(this.#contentHash.digest(), this.#subject.row.content_hash)) return;',
          replace: 'if (this.#contentHash.digest().length === 32) return;',
        },
        {
          file: 'packages/keybox/src/files/download.ts',
          find: "if (plain.subarray(content.length).some((byte) => byte !== 0)) throw damaged('padding that is not zero');",
          replace: '',
        },
        {
          file: 'packages/keybox/src/files/download.ts',
          find: "if (!(await reader.isAtEnd())) throw damaged('bytes behind the end');",
          replace: '',
        },
        {
          file: 'packages/keybox/src/files/download.ts',
          find: 'if (sealed === null) throw brokenOff();',
          replace: 'if (sealed === null) { this.#verified += 1; return; }',
        },
        {
          file: 'packages/keybox/src/files/blob-client.ts',
          find: "if (granted.sizeBytes !== sizeBytes) throw new KeyboxPeerFault('file-damaged', 'a blob of another size');",
          replace: '',
        },
        {
          file: 'packages/keybox/src/files/blob-client.ts',
          find: 'if (granted === null) throw withheld();',
          replace:
            'if (granted === null) return (async function* () { yield new Uint8Array(39 + 6 * 1024 * 1024); })();',
        },
      ],
    },
  },
  {
    id: 'F3',
    attackers: ['SRV'],
    action: 'puts a file of its own, incriminating or harmful, among those of a room',
    published: 'Sync, MEGA framing, Nextcloud (ETH Zürich, 2022 to 2024)',
    answer: 'a file is a record, signed by a device of a member: `bad-signature`, told in the key log, not shown',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/files/forged-files.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/room-record.ts',
          find: "await suites.byId(chain.suite).signature.verify(device.signing, 'sotto/record/v1', signed, signature);",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'F7',
    attackers: ['SRV'],
    action: 'offers an older or unencrypted state of an encrypted folder, so that the next upload is readable',
    published: 'Nextcloud desktop issue 1313',
    answer:
      'there is no unencrypted upload: a blob is sealed before the first byte leaves, by the types of the sending path',
    status: { kind: 'not-applicable', because: 'nothing here can be stored unencrypted, and folders do not exist yet' },
  },
  {
    id: 'F8',
    attackers: ['MEM'],
    action: 'names a file `../../x`, `C:x`, `CON`, with NUL or bidi marks, too long, or as the twin of another',
    published: 'Nextcloud desktop pull request 10238 (2026), zip slip (2018)',
    answer:
      'a name is one path segment: it is refused where it is written (`file-name-unsafe`) and replaced, and said to be, where it is read',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/files/forged-files.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/files/file-views.ts',
          find: 'const safe = safeFileName(name);',
          replace: 'const safe = name;',
        },
        {
          file: 'packages/keybox/src/files/file-views.ts',
          find: 'taken.some((other) => isFileNameTwin(other, free))',
          replace: 'taken.some((other) => isFileNameTwin(other, free) && ordinal > 1e9)',
        },
      ],
    },
  },
  {
    id: 'F9',
    attackers: ['MEM'],
    action: 'sends symbolic links, devices, sparse files of a terabyte, a million tiny entries',
    published: 'tar and unzip path and bomb CVEs',
    answer:
      'a file record holds one name and bytes; sizes are bounded, said before they are fetched, and fetched on request only',
    status: { kind: 'not-applicable', because: 'there are no archives, links or folders, only single files of bytes' },
  },
  {
    id: 'F10',
    attackers: ['MEM'],
    action: 'sends an image or video bomb, an SVG with script, a lying media type',
    published: 'CVE-2023-4863 (libwebp), Bridgefy zip bomb (2020)',
    answer: 'content is written to a file and never decoded',
    status: { kind: 'not-applicable', because: 'nothing renders or previews content yet' },
  },
  {
    id: 'F12',
    attackers: ['CON'],
    action: 'sends more files than half-keys were given, or takes the half-key of another',
    published: 'an earlier system with such slots',
    answer: 'files go to rooms, and only members that may write are taken by server and readers',
    status: { kind: 'not-applicable', because: 'file transfer with half-keys does not exist yet' },
  },
  {
    id: 'F13',
    attackers: ['SRV'],
    action: 'gives a half-key of low order, off the curve or of another length',
    published: 'RFC 7748 section 6.1',
    answer: 'X-Wing and P-384 keys are checked where they are parsed (Wycheproof)',
    status: { kind: 'not-applicable', because: 'file transfer with half-keys does not exist yet' },
  },
  {
    id: 'F14',
    attackers: ['SRV'],
    action: 'serves a page for a shared link that reads the key',
    published: 'Sync link passwords (2024)',
    answer: 'no link holds a key',
    status: { kind: 'not-applicable', because: 'there are no public links' },
  },
];
