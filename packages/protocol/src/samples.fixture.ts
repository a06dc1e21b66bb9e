import { hex } from '@sotto/bytes';
import type { Address, DeviceName } from './address.ts';
import { type Body, type BodyKind, body } from './body.ts';
import { type AccountBundle, accountBundle } from './bundle.ts';
import { contactStatement } from './contact.ts';
import type { DeviceDescription } from './device.ts';
import { envelope } from './envelope.ts';
import { blobBytes } from './file.ts';
import { type Format, format } from './format.ts';
import { signedHead } from './head.ts';
import { keyLogEntry } from './key-log.ts';
import { request, serverMessage } from './message.ts';
import { type RecordHeader, signedRecord } from './record.ts';
import { type Era, type RosterStatement, type RosterType, rosterStatement } from './roster.ts';
import { type SignalContent, type SignalKind, signal } from './signal.ts';
import { type Statement, statement } from './statement.ts';
import { logEntry, recordSubmission, statementSubmission } from './submission.ts';
import { webRelease } from './web-release.ts';

/** A format with a value of each of its variants. */
export interface Samples {
  readonly name: string;
  readonly format: Format<unknown>;
  readonly values: readonly unknown[];
}

export function bytes(length: number, fill = 1): Uint8Array {
  return new Uint8Array(length).map((_, i) => (fill * 31 + i) & 0xff);
}

const address = 'ann@example.org' as Address;
const hash = bytes(32);
const extent = { length: 3, hash };
const at = 1_767_600_000_000;
const device: DeviceDescription = {
  kind: 'keybox',
  name: 'laptop' as DeviceName,
  signing: bytes(64),
  kem: bytes(48),
  spki: hash,
};
const head = { length: 3, hash, at, incarnation: 1, signature: bytes(64) };
const member = { address, fingerprint: hash, length: 1, head: hash };
const row = { fingerprint: hash, length: 1, head: hash, generation: 0 };
const policy = { history: 'all', guests: true, maxMembers: 10 } as const;
const era: Era = {
  era: 1,
  commitment: hash,
  previousCommitment: hash,
  link: bytes(112),
  table: hash,
  entries: hash,
  checkpoint: bytes(300),
};

const page = { path: '/index.html', type: 'text/html; charset=utf-8', size: 3, hash, inline: [hash] };

const change = {
  userKey: { generation: 1, room: bytes(40), container: bytes(40, 2), wrapped: bytes(0) },
  seeds: [{ device: hash, sealed: bytes(90) }],
  previous: bytes(92),
};
const statementFrame = { v: 1, suite: 2, account: hash, seq: 1, prev: hash, at, signers: [hash] } as const;
const statements: readonly Statement[] = [
  {
    ...statementFrame,
    account: null,
    seq: 0,
    prev: null,
    type: 'genesis',
    body: {
      address,
      device,
      userKey: { generation: 0, room: bytes(40), container: bytes(40, 2), wrapped: bytes(0) },
      ca: hash,
      policyKey: hash,
    },
  },
  { ...statementFrame, type: 'device.add', body: { device, generation: 0, sealedSeed: bytes(90), expiresAt: null } },
  { ...statementFrame, type: 'device.add', body: { device, generation: 0, sealedSeed: bytes(90), expiresAt: at } },
  { ...statementFrame, type: 'bundle.set', body: { version: 1, hash } },
  { ...statementFrame, type: 'device.revoke', signers: [hash, bytes(32, 2)], body: { device: hash, change } },
  { ...statementFrame, type: 'userkey.rotate', body: { change } },
  {
    ...statementFrame,
    type: 'passphrase.change',
    body: { roaming: { ...device, kind: 'roaming' }, change, bundle: { version: 2, hash } },
  },
];

const rosterFrame = {
  v: 1,
  suite: 2,
  room: hash,
  author: hash,
  device: hash,
  chain: extent,
  prevStatement: hash,
  logHead: extent,
  at,
} as const;
const rosterBodies: { readonly [Type in RosterType]: (RosterStatement & { type: Type })['body'] } = {
  create: { nonce: hash, roomType: 'chat', mode: 'archive', keying: 'era', minimumSuite: 2, policy, owner: member },
  'member.add': { member, role: 'member', title: bytes(90), row: { ...row, entry: hash }, era },
  'member.remove': { fingerprint: hash, era },
  leave: { successor: hash },
  'role.set': { fingerprint: hash, role: 'admin' },
  'policy.set': { policy, era },
  era: { era },
  close: {},
  'continue-from': extent,
  complaint: { era: 1 },
};

const header: RecordHeader = {
  v: 1,
  suite: 2,
  room: hash,
  era: 0,
  author: hash,
  device: hash,
  chain: extent,
  seq: 1,
  prev: hash,
  replaces: hash,
  drops: [1, 2],
  seen: head,
  class: 'content',
  at: 1_767_600_000_000,
  salt: hash,
  keys: { commitment: hash, rows: hash },
};

const id = bytes(16);
const contents: { readonly [Kind in BodyKind]: (Body & { kind: Kind })['content'] } = {
  room: { name: 'A room', topic: '' },
  message: { text: 'héllo 🙂', format: 'plain', replyTo: id, thread: id, mentions: [hash] },
  edit: { target: id, text: 'again' },
  delete: { target: id },
  reaction: { target: id, text: '👍' },
  file: {
    name: 'résumé.pdf',
    parent: id,
    sizeBytes: 3_000_000,
    mediaType: 'application/pdf',
    contentHash: hash,
    blob: { hash, sizeBytes: blobBytes(3_000_000), key: hash, chunkBytes: 1_048_576 },
    version: 2,
    replaces: id,
  },
  'key-request': { eras: [0, 3] },
  'key-answer': { request: id, generation: 0, keys: [{ era: 3, sealed: bytes(64) }] },
  receipt: { delivered: extent, read: extent },
  pin: { address, fingerprint: hash, chain: extent, verified: true, blocked: false, note: '' },
  read: { room: hash, upTo: extent },
  'room-mark': { room: hash, mark: 'mute', set: true, until: 1_767_600_000_000 },
  draft: { room: hash, text: 'half a', replyTo: id },
  call: { call: hash, startedAt: 1_767_600_000_000, answeredAt: null, endedAt: 1_767_600_060_000, outcome: 'missed' },
  profile: { name: 'Dr. Alpha' },
  'own-profile': {
    version: 2,
    key: bytes(32),
    content: { name: 'Alpha', title: 'Surgeon', phone: '+49 30 1', picture: null },
  },
  presence: { state: 'away', lastSeen: true },
  key: { entry: bytes(40), code: 'era-table-invalid' },
  contact: { address: 'bob@example.org' as never, state: 'requested', fingerprint: null, note: '' },
  checkpoint: { note: bytes(300) },
  'unlock-keys': { keys: [hash] },
  'policy-key': { suite: 2, publicKey: bytes(64), secretKey: bytes(64) },
};

const bundle: AccountBundle = {
  v: 1,
  version: 1,
  unlockKey: hash,
  olderUnlockKeys: [hash],
  roaming: { signing: bytes(64), kem: bytes(32), certificateKey: bytes(48) },
  kitRoaming: bytes(300),
  fingerprint: hash,
  chain: extent,
  accountRoom: hash,
  caFingerprint: hash,
};

const contactFrame = {
  v: 1,
  suite: 2,
  author: hash,
  authorAddress: address,
  device: hash,
  chain: extent,
  to: 'ben@example.org' as Address,
  at,
} as const;
const presence = {
  address: 'alpha@example.org',
  state: 'offline',
  lastSeenAt: at,
  capabilities: ['presence'],
  head,
};
const candidates = [
  { address: bytes(4), port: 40_000 },
  { address: bytes(16), port: 40_001 },
];
const media = { zrtpHash: `1.10 ${'0a'.repeat(32)}`, sources: [1, 2], candidates, profile: 'standard' } as const;
const said: { readonly [Kind in SignalKind]: SignalContent<Kind> } = {
  offer: { nonce: hash, caller: { account: hash, device: hash }, callee: hash, media, key: bytes(1216) },
  ringing: {},
  answer: { offer: hash, media, ciphertext: bytes(1120) },
  taken: { device: hash, answer: hash },
  candidates: { candidates },
  decline: {},
  busy: {},
  cancel: { reason: 'glare' },
  end: { reason: 'hang-up' },
  notice: { held: true, muted: false },
};
const signals = (Object.keys(said) as SignalKind[]).map((kind, seq) => ({
  v: 1,
  call: hash,
  seq,
  at,
  kind,
  content: said[kind],
}));
const sealed = { signed: bytes(40), signatures: [bytes(64)] };
const record = { signed: bytes(300), signature: bytes(64), body: bytes(272) };

export const samples: readonly Samples[] = [
  { name: 'statement', format: statement as Format<unknown>, values: statements },
  {
    name: 'roster statement',
    format: rosterStatement as Format<unknown>,
    values: Object.entries(rosterBodies).map(([type, body]) => ({ ...rosterFrame, type, body })),
  },
  { name: 'record', format: signedRecord as Format<unknown>, values: [[header, hash]] },
  {
    name: 'record body',
    format: body as Format<unknown>,
    values: Object.entries(contents).map(([kind, content]) => ({ id, at, kind, content })),
  },
  { name: 'envelope', format: envelope as Format<unknown>, values: [sealed] },
  {
    name: 'contact statement',
    format: contactStatement as Format<unknown>,
    values: [
      { ...contactFrame, type: 'request', expected: hash },
      { ...contactFrame, type: 'accept', peer: hash, peerChain: extent },
    ],
  },
  { name: 'account bundle', format: accountBundle as Format<unknown>, values: [bundle] },
  { name: 'signed head', format: format('signed head', signedHead) as Format<unknown>, values: [head] },
  {
    name: 'statement submission',
    format: format('statement submission', statementSubmission) as Format<unknown>,
    values: [{ envelope: sealed, rows: [row], entries: [bytes(90)] }],
  },
  {
    name: 'record submission',
    format: format('record submission', recordSubmission) as Format<unknown>,
    values: [{ record, keys: [{ fingerprint: hash, generation: 0, sealed: bytes(90) }] }],
  },
  {
    name: 'log entry',
    format: format('log entry', logEntry) as Format<unknown>,
    values: [
      {
        kind: 'statement',
        n: 1,
        envelope: sealed,
        rows: [row],
        entry: { sealed: bytes(90), index: 0, size: 2, path: [hash] },
      },
      { kind: 'record', n: 2, record, keyRows: [{ fingerprint: hash, generation: 0, hash }], sealedKey: bytes(90) },
    ],
  },
  {
    name: 'request',
    format: request as Format<unknown>,
    values: [{ id: 1, operation: 'rooms.read', input: { room: hash } }],
  },
  {
    name: 'server message',
    format: serverMessage as Format<unknown>,
    values: [
      { type: 'output', id: 1, output: {} },
      { type: 'fault', id: 1, code: 'not-found', message: 'no', detail: { limit: 3 } },
      { type: 'event', event: { event: 'room', room: hash, length: 3 } },
      { type: 'event', event: { event: 'mailbox', last: 3 } },
      { type: 'event', event: { event: 'contacts' } },
      { type: 'event', event: { event: 'presence', presence } },
      { type: 'event', event: { event: 'signal', container: bytes(90) } },
    ],
  },
  {
    name: 'key log entry',
    format: keyLogEntry as Format<unknown>,
    values: [
      { event: 'contact/asks', who: address, fingerprint: hex(hash) },
      { event: 'device/added', who: address, device: 'laptop', type: 'keybox' },
      { event: 'era/key-shut', room: hex(hash), era: 3, who: address },
      { event: 'refused/content', room: hex(hash), n: null, content: 'edit' },
      { event: 'refused/file-name', room: hex(hash), file: hex(bytes(16)), flaw: 'dots' },
      { event: 'head/contradiction', subject: 'room', id: hex(hash), reason: 'two heads' },
      { event: 'head/key' },
      { event: 'log/split', who: address, here: 3, there: 4 },
    ],
  },
  { name: 'signal', format: signal as Format<unknown>, values: signals },
  {
    name: 'web release',
    format: webRelease as Format<unknown>,
    values: [{ v: 1, version: '0.1.0', at, key: hash, assets: [page, { ...page, path: '/service-worker.js' }] }],
  },
];
