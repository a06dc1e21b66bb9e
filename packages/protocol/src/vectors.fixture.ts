import { encodeCbor, hex } from '@sotto/bytes';
import { Secret, sha256 } from '@sotto/crypto';
import {
  addDevice,
  firstDevice,
  makeWorld,
  setBundle,
  type TestAccount,
  type TestDevice,
  type TestEntry,
  TestRoom,
  type TestWorld,
} from '@sotto/testing';
import { type Address, addressSkeleton } from './address.ts';
import { body as bodyFormat } from './body.ts';
import { accountBundle, sealBundle } from './bundle.ts';
import { chainExtent, currentUserKey } from './chain.ts';
import { signContactStatement } from './contact.ts';
import { diagnostic } from './diagnostic.fixture.ts';
import { entriesRoot, entryHash, resourceKey } from './era.ts';
import { signHead } from './head.ts';
import { merklePath } from './merkle.ts';
import { pad, padme } from './padding.ts';
import { messageKeyRow, type RecordHeader, signedRecord } from './record.ts';
import { currentEra } from './room-state.ts';
import { type RosterStatement, rosterStatement } from './roster.ts';
import { statement } from './statement.ts';

/** One room with everything that the vectors show, and what was decided over it. */
export interface Story {
  readonly world: TestWorld;
  readonly ann: TestAccount;
  readonly ben: TestAccount;
  readonly room: TestRoom;
  readonly perMessage: TestRoom;
}

/** Ann (hybrid, two devices and a bundle), Ben (classic), a room of theirs through every roster type, another per message. */
export async function tellStory(): Promise<Story> {
  const world = await makeWorld('vectors');
  const first = await world.account('ann@example.org');
  const ann = await setBundle(world, await addDevice(world, first, { name: 'phone' }), { version: 1, hash: sha256() });
  const ben = await world.account('ben@example.org', { suite: 'classic' });
  const room = await TestRoom.create(world, ann);
  await room.add(ann, ben);
  await room.write(ann, 'Good morning');
  await room.startEra(ann);
  await room.declare(ann, 'role.set', { fingerprint: ben.chain.fingerprint, role: 'admin' });
  await room.write(ben, 'Morning');
  await room.declare(ben, 'complaint', { era: 1 });
  const policy = { ...room.state.policy, history: 'from-join' } as const;
  const era = await room.makeEra(ann);
  await room.append(await room.sealStatement(ann, room.draft(ann, 'policy.set', { policy, era: era.era }), { era }));
  await room.declare(ann, 'continue-from', room.extent());
  await room.remove(ann, ben);
  await room.append(await room.sealAdd(ann, ben, { role: 'member' }));
  await room.declare(ben, 'leave', { successor: null });
  await room.declare(ann, 'close', {});
  const perMessage = await TestRoom.create(world, ann, {
    type: 'direct',
    keying: 'per-message',
    policy: { history: 'from-join' },
  });
  await perMessage.add(ann, ben);
  await perMessage.write(ann, 'For two');
  return { world, ann, ben, room, perMessage };
}

export function statementVectors({ ann, ben }: Story) {
  return [ann, ben].map((account) => ({
    address: account.address,
    suite: account.suite.name,
    fingerprint: hex(account.chain.fingerprint),
    userKeySeed: exposed(account.seed),
    userKey: diagnostic(currentUserKey(account.chain)),
    devices: account.devices.map(deviceVector),
    statements: account.statements.map(({ signed, signatures }) => ({
      value: diagnostic(statement.parse(signed)),
      signed: hex(signed),
      hash: hex(sha256(signed)),
      signatures: signatures.map(hex),
    })),
  }));
}

function deviceVector({ id, description, signing, kem }: TestDevice) {
  return { id: hex(id), description: diagnostic(description), signing: exposed(signing), kem: exposed(kem) };
}

export function rosterVectors({ room }: Story) {
  return {
    room: hex(room.state.id),
    headKey: hex(room.world.headKey.publicKey),
    log: room.log.map((entry) => (entry.kind === 'statement' ? rosterVector(entry) : recordVector(entry))),
    secrets: [...room.secrets].map(([commitment, secret]) => ({ commitment, secret: exposed(secret) })),
    state: hex(encodeCbor(room.state)),
  };
}

function rosterVector({ envelope, rows, sealed }: TestEntry & { kind: 'statement' }) {
  return {
    kind: 'statement',
    value: diagnostic(rosterStatement.parse(envelope.signed)),
    signed: hex(envelope.signed),
    signatures: envelope.signatures.map(hex),
    rows: diagnostic(rows),
    entries: Object.fromEntries([...sealed].map(([fingerprint, entry]) => [fingerprint, hex(entry)])),
  };
}

function recordVector({ record, keys }: TestEntry & { kind: 'record' }) {
  return {
    kind: 'record',
    value: diagnostic(signedRecord.parse(record.signed)),
    signed: hex(record.signed),
    signature: hex(record.signature),
    body: hex(record.body as Uint8Array),
    keys: diagnostic(keys),
  };
}

export function logVectors({ room }: Story) {
  return {
    room: hex(room.state.id),
    entries: room.log.map((entry, n) => ({
      n,
      signedHash: hex(sha256(entry.kind === 'statement' ? entry.envelope.signed : entry.record.signed)),
      hash: hex(room.server.hashes[n] as Uint8Array),
    })),
  };
}

export function eraVectors({ room }: Story) {
  return room.log.flatMap((entry, n) => {
    if (entry.kind !== 'statement' || entry.rows === null) return [];
    const value = rosterStatement.parse(entry.envelope.signed) as RosterStatement & { type: 'era' };
    const { era } = value.body;
    const secret = room.secret(era.commitment);
    const leaves = entry.rows.map(({ fingerprint }) =>
      entryHash(fingerprint, entry.sealed.get(hex(fingerprint)) as Uint8Array),
    );
    return {
      n,
      room: hex(room.state.id),
      sender: hex(value.author),
      secret: exposed(secret),
      resourceKey: exposed(resourceKey(secret)),
      value: diagnostic(era),
      rows: diagnostic(entry.rows),
      entries: entry.rows.map(({ fingerprint }, index) => ({
        sealed: hex(entry.sealed.get(hex(fingerprint)) as Uint8Array),
        leaf: hex(leaves[index] as Uint8Array),
        path: merklePath(leaves, index).map(hex),
        recipientKey: exposed(room.world.byFingerprint(fingerprint).room),
      })),
      root: hex(entriesRoot(leaves)),
    };
  });
}

export async function recordVectors({ ann, room, perMessage, world }: Story) {
  const fresh = await TestRoom.create(world, ann);
  const vectors = [];
  for (const where of [fresh, perMessage]) {
    const content = where.message('Words, and ☕');
    const entry = await where.sealRecord(ann, await where.draftRecord(ann), { body: content });
    const [header] = signedRecord.parse(entry.record.signed) as unknown as [RecordHeader];
    const own = entry.keys?.find(({ fingerprint }) => hex(fingerprint) === hex(ann.chain.fingerprint));
    vectors.push({
      resourceKey: exposed(resourceKey(where.secret(currentEra(where.state).commitment))),
      roomKey: exposed(ann.room),
      sealedMessageKey: own === undefined ? null : hex(own.sealed),
      keyRows: diagnostic(entry.keys?.map(messageKeyRow) ?? null),
      signing: exposed(firstDevice(ann).signing),
      header: diagnostic(header),
      plaintext: diagnostic(content),
      padded: hex(pad(bodyFormat.encode(content))),
      body: hex(entry.record.body as Uint8Array),
      signed: hex(entry.record.signed),
      signature: hex(entry.record.signature),
    });
  }
  return { room: hex(room.state.id), records: vectors };
}

export async function headVectors({ room, world, ann }: Story) {
  const subjects = [
    { subject: { kind: 'room', id: room.state.id }, extent: room.extent() },
    { subject: { kind: 'chain', id: ann.chain.fingerprint }, extent: chainExtent(ann.chain) },
  ] as const;
  const heads = [];
  for (const { subject, extent } of subjects) {
    const content = { subject, extent, at: 1_767_600_000_000, incarnation: 1 };
    const head = await signHead(world.primitives, world.headKey.secretKey, content);
    heads.push({ subject: diagnostic(subject), head: diagnostic(head) });
  }
  return { secretKey: exposed(world.headKey.secretKey), publicKey: hex(world.headKey.publicKey), heads };
}

export async function bundleVectors({ ann, room, world }: Story) {
  const passcode = new Secret(world.primitives.randomBytes(64));
  const unlockKey = world.primitives.randomBytes(32);
  const frame = {
    v: 1,
    unlockKey,
    olderUnlockKeys: [],
    kitRoaming: null,
    caFingerprint: sha256(Uint8Array.of(1)),
  } as const;
  const roaming = {
    signing: new Uint8Array(64).fill(1),
    kem: new Uint8Array(32).fill(2),
    certificateKey: new Uint8Array(48).fill(3),
  };
  const known = { fingerprint: ann.chain.fingerprint, chain: chainExtent(ann.chain), accountRoom: room.state.id };
  const bundles = [
    { ...frame, version: 0, roaming: null, fingerprint: null, chain: null, accountRoom: null },
    { ...frame, version: 1, roaming, ...known },
  ];
  const binding = { address: ann.address, suite: 2 };
  const vectors = [];
  for (const bundle of bundles) {
    const sealed = await sealBundle(world.primitives, passcode, { bundle, binding });
    vectors.push({
      value: diagnostic(bundle),
      encoded: hex(accountBundle.encode(bundle)),
      sealed: hex(sealed),
      hash: hex(sha256(sealed)),
    });
  }
  return { passcode: exposed(passcode), address: binding.address, suite: binding.suite, bundles: vectors };
}

export async function contactVectors({ ann, ben }: Story) {
  const frame = { v: 1, at: 1_767_600_000_000 } as const;
  const author = (account: TestAccount) => ({
    suite: account.suite.id,
    author: account.chain.fingerprint,
    authorAddress: account.address,
    device: firstDevice(account).id,
    chain: chainExtent(account.chain),
  });
  const request = { ...frame, ...author(ann), to: ben.address, type: 'request', expected: null } as const;
  const accept = {
    ...frame,
    ...author(ben),
    to: ann.address,
    type: 'accept',
    peer: ann.chain.fingerprint,
    peerChain: chainExtent(ann.chain),
  } as const;
  const sign = async (account: TestAccount, value: typeof request | typeof accept) => {
    const { signed, signatures } = await signContactStatement(account.suite, value, firstDevice(account).signing);
    return {
      publicKey: hex(firstDevice(account).description.signing),
      value: diagnostic(value),
      signed: hex(signed),
      signatures: signatures.map(hex),
    };
  };
  return [await sign(ann, request), await sign(ben, accept)];
}

export function paddingVectors() {
  const contents = [0, 1, 251, 252, 253, 300, 1000].map((length) => new Uint8Array(length).fill(0xa5));
  return {
    padme: [0, 1, 2, 7, 8, 9, 100, 255, 256, 257, 1000, 4095, 4097, 65_537, 1_000_003].map((length) => ({
      length,
      padded: padme(length),
    })),
    pad: contents.map((content) => ({ content: hex(content), padded: hex(pad(content)) })),
  };
}

export function addressVectors() {
  const valid = [
    'ann@example.org',
    'a.b_c-d@x-y.example',
    '0@1.example',
    'rnary@example.org',
    'c1audia@example.org',
  ] as Address[];
  const invalid = [
    '',
    'ann',
    'ann@',
    '@x',
    '.ann@x.org',
    'a..n@x.org',
    'ann@-x.org',
    'ann@x_y.org',
    'аnn@x.org',
    'a n@x.org',
    'ann@x.org/laptop',
  ];
  return { valid: valid.map((address) => ({ address, skeleton: addressSkeleton(address) })), invalid };
}

function exposed(secret: Secret): string {
  return hex(secret.unsafeExpose('test vector'));
}
