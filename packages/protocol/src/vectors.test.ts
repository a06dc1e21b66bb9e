import { concat, decodeCbor, encodeCbor, hex, parseHex } from '@sotto/bytes';
import { createSuites, deriveKey, Secret, sha256 } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { codeOf, vectorFile } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { type Address, addressSkeleton, parseAddress } from './address.ts';
import { body as bodyFormat } from './body.ts';
import { accountBundle, openBundle } from './bundle.ts';
import { type Chain, currentUserKey, verifyChain } from './chain.ts';
import { contactStatement } from './contact.ts';
import { type DeviceDescription, deviceId } from './device.ts';
import { parseDiagnostic } from './diagnostic.fixture.ts';
import { entriesRoot, entryHash, eraCommitment, openEntry, openLink, resourceKey, tableHash } from './era.ts';
import { type HeadSubject, type SignedHead, signHead, verifyHead } from './head.ts';
import { logHash } from './log.ts';
import { verifyMerklePath } from './merkle.ts';
import { pad, padme } from './padding.ts';
import {
  type MessageKeyRow,
  messageKeyRow,
  messageKeyRowsHash,
  openBody,
  type RecordHeader,
  recordBytes,
  type SealedMessageKey,
  sealBody,
  signedRecord,
} from './record.ts';
import { applyRecord } from './room-record.ts';
import type { RoomState, Witness } from './room-state.ts';
import { applyRosterStatement, createRoom } from './room-statement.ts';
import { type Era, rosterStatement, type TableRow } from './roster.ts';
import { statement } from './statement.ts';
import { openSeed } from './user-key.ts';
import * as make from './vectors.fixture.ts';

const primitives = nodePrimitives();
const suites = createSuites(primitives);
const hybrid = suites.byName('hybrid');

// One story tells all that are missing, so that their parts fit together.
let story: Promise<make.Story> | null = null;
const told =
  <Vectors>(tell: (story: make.Story) => Vectors | Promise<Vectors>) =>
  async () => {
    story ??= make.tellStory();
    return tell(await story) as Awaited<Vectors> & object;
  };
const accounts = await vectorFile('statement.json', told(make.statementVectors));
const roster = await vectorFile('roster.json', told(make.rosterVectors));
const log = await vectorFile('log.json', told(make.logVectors));
const eras = await vectorFile('era.json', told(make.eraVectors));
const records = await vectorFile('record.json', told(make.recordVectors));
const heads = await vectorFile('head.json', told(make.headVectors));
const bundles = await vectorFile('bundle.json', told(make.bundleVectors));
const contacts = await vectorFile('contact.json', told(make.contactVectors));
const padding = await vectorFile('padding.json', async () => make.paddingVectors());
const addresses = await vectorFile('address.json', async () => make.addressVectors());

describe('statement.json', () => {
  test.each(accounts)('$address', async ({ address, suite: name, fingerprint, userKeySeed, devices, statements }) => {
    const suite = suites.byName(name);
    for (const { value, signed, hash } of statements) {
      assert.strictEqual(hex(encodeCbor(parseDiagnostic(value))), signed);
      assert.strictEqual(hex(statement.encode(statement.parse(parseHex(signed)))), signed);
      assert.strictEqual(hex(sha256(parseHex(signed))), hash);
    }
    const chain = await chainOf(address);
    assert.strictEqual(hex(chain.fingerprint), fingerprint);
    for (const { id, description, signing, kem } of devices) {
      const device = parseDiagnostic(description) as unknown as DeviceDescription;
      assert.strictEqual(hex(deviceId(suite.id, device)), id);
      assert.isTrue(chain.devices.has(id));
      assert.deepEqual(await suite.signature.publicKey(secret(signing)), device.signing as never);
      assert.deepEqual(await suite.kem.publicKey(secret(kem)), device.kem as never);
    }
    await suite.userKeys.open(secret(userKeySeed), currentUserKey(chain));
  });

  test('the seed sealed to the second device opens', async () => {
    const [ann] = accounts as [(typeof accounts)[0]];
    const [, phone] = ann.devices as [unknown, (typeof ann.devices)[0]];
    const added = statement.parse(parseHex(ann.statements[1]?.signed as string));
    if (added.type !== 'device.add') return assert.fail('no device.add');
    const chain = await chainOf(ann.address);
    const binding = { account: chain.fingerprint, device: added.body.device, published: currentUserKey(chain) };
    const { seed } = await openSeed(hybrid, { kem: secret(phone.kem), sealed: added.body.sealedSeed }, binding);
    assert.strictEqual(hex(seed.unsafeExpose('test')), ann.userKeySeed);
  });

  test('the Ed25519 half of each signature is made again', async () => {
    const [ann] = accounts as [(typeof accounts)[0]];
    for (const { signed, signatures } of ann.statements) {
      const again = await hybrid.signature.sign(
        secret(ann.devices[0]?.signing as string),
        'sotto/statement/v1',
        parseHex(signed),
      );
      assert.strictEqual(hex(again.subarray(0, 64)), signatures[0]?.slice(0, 128));
    }
  });
});

test('roster.json: the log is judged to the same state', async () => {
  const chains = new Map<string, Chain>();
  for (const { address, fingerprint } of accounts) chains.set(fingerprint, await chainOf(address));
  const hashes: Uint8Array[] = [];
  const witness: Witness = {
    chain: async (fingerprint) => chains.get(hex(fingerprint)) ?? null,
    hashAt: async (length) => hashes[length - 1] ?? null,
    recordAt: async () => null,
    recordHash: async () => null,
  };
  let state: RoomState | null = null;
  for (const entry of roster.log) {
    const signed = parseHex(entry.signed);
    assert.strictEqual(hex(encodeCbor(parseDiagnostic(entry.value))), entry.signed);
    if ('signatures' in entry) {
      assert.strictEqual(hex(rosterStatement.encode(rosterStatement.parse(signed))), entry.signed);
      const rows = parseDiagnostic(entry.rows) as unknown as TableRow[] | null;
      const input = { envelope: { signed, signatures: entry.signatures.map(parseHex) }, rows, witness };
      state = state === null ? await createRoom(suites, input) : await applyRosterStatement(suites, state, input);
    } else {
      const record = { signed, signature: parseHex(entry.signature), body: parseHex(entry.body) };
      const keys = parseDiagnostic(entry.keys) as unknown as SealedMessageKey[] | null;
      const subject = { kind: 'room', id: (state as RoomState).id } as const;
      const input = {
        record,
        keyRows: keys?.map(messageKeyRow) ?? null,
        witness,
        verifySeen: (head: SignedHead) => verifyHead(primitives, [parseHex(roster.headKey)], { subject, head }),
        acceptGap: false,
      };
      ({ state } = await applyRecord(suites, state as RoomState, input));
    }
    hashes.push(state.hash);
  }
  assert.strictEqual(hex(encodeCbor(state)), roster.state);
  assert.deepEqual(
    hashes.map(hex),
    log.entries.map(({ hash }) => hash),
  );
});

test('log.json', () => {
  for (const [i, { n, signedHash, hash }] of log.entries.entries()) {
    assert.strictEqual(n, i);
    const before = log.entries[n - 1]?.hash;
    const expected = before === undefined ? log.room : hex(logHash(parseHex(before), n, parseHex(signedHash)));
    assert.strictEqual(hash, expected);
  }
});

test.each(eras)(
  'era.json: position $n',
  async ({ room, sender, secret: secretHex, resourceKey: resource, value, rows, entries, root }) => {
    const era = parseDiagnostic(value) as unknown as Era;
    const table = parseDiagnostic(rows) as unknown as TableRow[];
    assert.strictEqual(hex(resourceKey(secret(secretHex)).unsafeExpose('test')), resource);
    assert.deepEqual(eraCommitment(secret(secretHex), parseHex(room), era.era), era.commitment as never);
    assert.deepEqual(tableHash(table), era.table as never);
    for (const [index, { sealed, leaf, path, recipientKey }] of entries.entries()) {
      const row = table[index] as TableRow;
      assert.strictEqual(hex(entryHash(row.fingerprint, parseHex(sealed))), leaf);
      const place = { root: parseHex(root), index, size: table.length };
      assert.isTrue(verifyMerklePath(parseHex(leaf), path.map(parseHex), place));
      const { suite: name } = accounts.find(
        ({ fingerprint }) => fingerprint === hex(row.fingerprint),
      ) as (typeof accounts)[0];
      const binding = {
        purpose: 'sotto/seal/era-secret/v1',
        room: parseHex(room),
        era: era.era,
        sender: parseHex(sender),
      } as const;
      const opened = await openEntry(suites.byName(name), secret(recipientKey), {
        binding,
        recipient: row,
        sealed: parseHex(sealed),
      });
      assert.strictEqual(hex(opened.unsafeExpose('test')), secretHex);
    }
    assert.strictEqual(hex(entriesRoot(entries.map(({ leaf }) => parseHex(leaf)))), root);
    assert.strictEqual(hex(era.entries), root);
    const below = await openLink(primitives, secret(secretHex), { era, room: parseHex(room) });
    const expected = eras.find(({ value: other }) => (other as { era: number }).era === era.era - 1)?.secret;
    assert.strictEqual(
      below === null ? undefined : hex(below.unsafeExpose('test')),
      era.link === null ? undefined : expected,
    );
  },
);

test.each(records.records)('record.json', async (vector) => {
  const header = parseDiagnostic(vector.header) as unknown as RecordHeader;
  const resource = secret(vector.resourceKey);
  const messageKey =
    vector.sealedMessageKey === null ? null : await openMessageKey(vector.sealedMessageKey, vector.roomKey, header);
  const keys = { resourceKey: resource, messageKey };
  const content = bodyFormat.check(parseDiagnostic(vector.plaintext));
  assert.strictEqual(hex(pad(bodyFormat.encode(content))), vector.padded);
  assert.strictEqual(hex(await sealBody(primitives, keys, { header, body: content })), vector.body);
  assert.deepEqual(await openBody(primitives, keys, { header, body: parseHex(vector.body) }), content);
  assert.strictEqual(hex(recordBytes(header, parseHex(vector.body))), vector.signed);
  assert.deepEqual(signedRecord.parse(parseHex(vector.signed))[0], header);
  const signature = await hybrid.signature.sign(secret(vector.signing), 'sotto/record/v1', parseHex(vector.signed));
  assert.strictEqual(hex(signature), vector.signature);
  // The record key by hand: what another implementation derives first.
  const material = concat(parseHex(vector.resourceKey), messageKey?.unsafeExpose('test') ?? new Uint8Array());
  const key = deriveKey(new Secret(material), 'sotto/record/key/v1', [
    header.salt,
    header.room,
    header.era,
    header.device,
    header.seq,
  ]);
  const aad = encodeCbor((decodeCbor(parseHex(vector.signed)) as [never])[0]);
  const padded = await primitives.aes256Gcm.open({ key, nonce: new Uint8Array(12), aad }, parseHex(vector.body));
  assert.strictEqual(hex(padded), vector.padded);
  const rows = parseDiagnostic(vector.keyRows) as unknown as MessageKeyRow[] | null;
  if (rows !== null) assert.deepEqual(messageKeyRowsHash(rows), header.keys?.rows as never);
});

test.each(heads.heads)('head.json', async ({ subject: about, head: signed }) => {
  const [subject, head] = [
    parseDiagnostic(about) as unknown as HeadSubject,
    parseDiagnostic(signed) as unknown as SignedHead,
  ];
  await verifyHead(primitives, [parseHex(heads.publicKey)], { subject, head });
  const { length, hash, at, incarnation } = head;
  const content = { subject, extent: { length, hash }, at, incarnation };
  assert.deepEqual(await signHead(primitives, secret(heads.secretKey), content), head);
});

test.each(bundles.bundles)('bundle.json', async ({ value, encoded, sealed, hash }) => {
  const bundle = accountBundle.check(parseDiagnostic(value));
  assert.strictEqual(hex(accountBundle.encode(bundle)), encoded);
  const binding = { address: bundles.address as Address, suite: bundles.suite };
  assert.deepEqual(
    await openBundle(primitives, secret(bundles.passcode), { sealed: parseHex(sealed), binding }),
    bundle,
  );
  assert.strictEqual(hex(sha256(parseHex(sealed))), hash);
});

test.each(contacts)('contact.json', async ({ publicKey, value, signed, signatures }) => {
  const parsed = contactStatement.check(parseDiagnostic(value));
  assert.strictEqual(hex(contactStatement.encode(parsed)), signed);
  assert.deepEqual(contactStatement.parse(parseHex(signed)), parsed);
  const { signature } = suites.byId(parsed.suite);
  await signature.verify(parseHex(publicKey), 'sotto/contact/v1', parseHex(signed), parseHex(signatures[0] as string));
});

test('padding.json', () => {
  for (const { length, padded } of padding.padme) assert.strictEqual(padme(length), padded);
  for (const { content, padded } of padding.pad) assert.strictEqual(hex(pad(parseHex(content))), padded);
});

test('address.json', async () => {
  for (const { address, skeleton } of addresses.valid)
    assert.strictEqual(addressSkeleton(parseAddress(address)), skeleton);
  for (const text of addresses.invalid) assert.strictEqual(await codeOf(() => parseAddress(text)), 'address-malformed');
});

async function chainOf(address: string): Promise<Chain> {
  const { statements } = accounts.find((account) => account.address === address) as (typeof accounts)[0];
  const envelopes = statements.map(({ signed, signatures }) => ({
    signed: parseHex(signed),
    signatures: signatures.map(parseHex),
  }));
  return verifyChain(suites, envelopes, address as Address);
}

async function openMessageKey(sealed: string, roomKey: string, header: RecordHeader): Promise<Secret> {
  const binding = {
    purpose: 'sotto/seal/message-key/v1',
    room: header.room,
    era: header.era,
    sender: header.author,
  } as const;
  const recipient = { fingerprint: header.author, generation: 0 };
  return openEntry(hybrid, secret(roomKey), { binding, recipient, sealed: parseHex(sealed) });
}

function secret(text: string): Secret {
  return new Secret(parseHex(text));
}
