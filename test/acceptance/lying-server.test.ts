import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hex, parseHex } from '@sotto/bytes';
import { afterAll, assert, beforeAll, describe, test, vi } from 'vitest';
import { filesBelow } from '../support/canaries.ts';
import { befriendClients, Client } from '../support/client.ts';
import { TemporaryFolder } from '../support/folder.ts';
import type { LieOrder } from '../support/lies/order.ts';
import { LyingServer } from '../support/lying-server.ts';
import { type Line, Person, type Ran, signUp } from '../support/person.ts';

// Each lie takes some starts of the program.
vi.setConfig({ testTimeout: 180_000 });

let folder: TemporaryFolder;
let server: LyingServer;
/** The others, whose server is honest. */
let ada: Client;
let cem: Client;
/** Who uses the command line, and is lied to. */
let bea: Victim;

beforeAll(async () => {
  folder = new TemporaryFolder();
  server = await LyingServer.start(folder);
  [ada, cem] = ['ada', 'cem'].map((name) => new Client({ folder: folder.at(name), name })) as [Client, Client];
  await ada.signUp(server.home.invitation);
  await cem.signUp(await invitation());
  await befriendClients(ada, cem);
  bea = await newVictim('bea');
});

afterAll(async () => {
  for (const client of [ada, cem]) await client?.close();
  await server?.[Symbol.asyncDispose]();
  folder?.[Symbol.dispose]();
});

describe('a device more', () => {
  test.each([
    ['owner', 'bad-signature'],
    ['newcomer', 'chain-signer-invalid'],
  ] as const)('in the own chain, in the name of its %s', async (signer, code) => {
    const account = bea.fingerprint;
    await bea.catches(
      { lie: 'add-device', account, signer },
      { command: ['device', 'list'], code, says: /^the keys of bea@/ },
    );
    assert.strictEqual((await bea.person.lines('device', 'list')).length, 1);
  });

  test('in the chain of somebody who wants to be a contact', async () => {
    const eva = await newClient('eva');
    await eva.box.addContact(bea.address);
    await bea.notes(
      { lie: 'add-device', account: printOf(eva), signer: 'owner' },
      { command: ['contact', 'list'], code: 'bad-signature', says: /^the keys of eva@/ },
    );
    await bea.person.lines('contact', 'accept', eva.address);
    await eva.close();
  });
});

describe('a member more', () => {
  test('in the name of an owner', async () => {
    const room = await newRoom();
    const caught = { command: ['room', 'members', room], code: 'bad-signature', says: /is not read on/ };
    await bea.catches({ lie: 'add-member', room, signer: 'owner' }, caught);
    await bothTalk(room);
  });

  test('beside the table of an era', async () => {
    const room = await newRoom();
    await bea.person.texts(room);
    await ada.box.rotateRoom(room);
    const caught = { command: ['message', 'list', room], code: 'log-broken', says: /a table that is not the one/ };
    await bea.catches({ lie: 'add-row', room }, caught);
    await bothTalk(room);
  });
});

describe('another genesis', () => {
  test('for the own account', async () => {
    const { fingerprint: account, address } = bea;
    const caught = { command: ['room', 'list'], code: 'rollback', says: /^the keys of bea@/ };
    await bea.catches({ lie: 'swap-genesis', account, address }, caught);
  });

  test('for a contact: nothing is taken that comes in its name', async () => {
    await bea.notes(
      { lie: 'pose', address: ada.address, to: bea.address },
      { command: ['contact', 'list'], code: 'identity-conflict', says: /ada@localhost/ },
    );
    const { state, fingerprint } = await bea.contact(ada);
    assert.deepEqual([state, fingerprint], ['mutual', printOf(ada)]);
  });

  test('for a stranger: comparing fingerprints shows it, and the advice leads to the true one', async () => {
    const fay = await newClient('fay');
    const { address } = fay;
    await bea.lied({ lie: 'pose', address, to: bea.address }, ['contact', 'list']);
    const command = ['contact', 'verify', address, '--fingerprint', printOf(fay)];
    const compared = { command, exit: 5, code: 'identity-conflict', says: /^fay@localhost/ };
    await bea.catches({ lie: 'pose', address, to: bea.address }, compared);
    await bea.person.lines('contact', 'remove', address);
    await fay.box.addContact(bea.address);
    await bea.person.lines('contact', 'add', address, '--fingerprint', printOf(fay));
    assert.deepEqual((await bea.contact(fay)).fingerprint, printOf(fay));
    await fay.close();
  });
});

describe('an old head', () => {
  test('of a room', async () => {
    const room = await newRoom();
    await bea.person.texts(room);
    const caught = { command: ['message', 'list', room], code: 'rollback', says: /^room .* an older state/ };
    await bea.catches({ lie: 'old-head', room, length: 5 }, caught);
    await bothTalk(room);
  });

  test('of the own chain', async () => {
    const account = bea.fingerprint;
    const caught = { command: ['room', 'list'], code: 'rollback', says: /^chain .* an older state/ };
    await bea.catches({ lie: 'old-chain', account, length: 1 }, caught);
  });
});

test('a room forked between its readers: what a member saw shows it', async () => {
  const room = await newRoom();
  await cem.box.sync();
  await cem.box.sendMessage(room, 'hidden');
  await ada.box.sync();
  await ada.box.sendMessage(room, 'and then');
  const positions = await positionsOf(room, ['hidden']);
  const caught = { command: ['message', 'list', room], code: 'rollback', says: /signed a longer log before/ };
  await bea.catches({ lie: 'leave-out', room, positions }, caught);
  assert.deepEqual(await bea.person.texts(room), ['before', 'hidden', 'and then']);
});

test('the last records dropped: the next that comes through shows it', async () => {
  const room = await newRoom();
  await bea.person.texts(room);
  await ada.box.sync();
  const length = (
    await ada.session.keys.query<{ length: number }>('SELECT length FROM head WHERE id = ?', [parseHex(room)])
  )[0]?.length as number;
  await ada.box.sendMessage(room, 'dropped');
  await ada.box.sendMessage(room, 'dropped, too');
  const { lines } = await bea.lied({ lie: 'old-head', room, length }, ['message', 'list', room]);
  assert.deepEqual(
    lines.map(({ text }) => text),
    ['before'],
  );
  await ada.box.sendMessage(room, 'and then');
  const positions = await positionsOf(room, ['dropped', 'dropped, too']);
  const caught = { command: ['message', 'list', room], code: 'rollback', says: /signed a longer log before/ };
  await bea.catches({ lie: 'leave-out', room, positions }, caught);
  assert.deepEqual(await bea.person.texts(room), ['before', 'dropped', 'dropped, too', 'and then']);
});

test('another transparency log than the others are shown: the evidence is kept, and the log goes on when it is the old one', async () => {
  const before = await bea.person.line('transparency', 'show');
  const caught = {
    command: ['room', 'list'],
    code: 'split-view',
    says: /transparency log of \d+ epochs that contradicts/,
  };
  await bea.catches({ lie: 'fork-log' }, caught);
  const after = await bea.person.line('transparency', 'show');
  assert.isAtLeast(after.size, before.size);
  await ada.box.sync();
  const { root, size } = await ada.box.transparency.show();
  assert.deepEqual([after.size, after.root], [size, root]);
});

test('the bytes of another file', async () => {
  const room = await newRoom();
  const [own, other] = ['own', 'other'].map((name, i) => {
    writeFileSync(folder.at(name), Buffer.alloc(30_000, i + 1));
    return folder.at(name);
  }) as [string, string];
  await bea.person.lines('file', 'send', room, other);
  const [path] = blobs() as [string];
  const { id } = await bea.person.line('file', 'send', room, own);
  const out = folder.at('got');
  const command = ['file', 'get', room, id, '--out', out];
  await bea.catches({ lie: 'swap-blobs', path }, { command, code: 'file-damaged', says: /the content of file/ });
  assert.isFalse(existsSync(out));
  await bea.person.lines(...command);
  assert.deepEqual(readFileSync(out), readFileSync(own));
});

test('two pasts of one room, each under a head: the evidence is kept and nothing is sent there', async () => {
  const room = await newRoom();
  await bea.person.texts(room);
  const caught = { command: ['message', 'send', room, 'to whom?'], code: 'room-forked', says: /two different pasts/ };
  await bea.catches({ lie: 'add-member', room, signer: 'newcomer' }, caught);
  assert.strictEqual((await bea.person.json('message', 'send', room, 'to whom?')).code, 1);
});

interface Caught {
  readonly command: readonly string[];
  readonly code: string;
  readonly exit?: number;
  /** What the key log says. */
  readonly says: RegExp;
}

/** Somebody at the command line. */
class Victim {
  readonly person: Person;
  readonly fingerprint: string;

  constructor(person: Person, fingerprint: string) {
    this.person = person;
    this.fingerprint = fingerprint;
  }

  get address(): Client['address'] {
    return this.person.address as Client['address'];
  }

  /** With the lie the command ends with its code, and the key log says what happened and what to do. */
  async catches(order: Told, caught: Caught): Promise<void> {
    const ran = await this.notes(order, caught);
    assert.deepEqual([ran.code, ran.fault], [caught.exit ?? 1, caught.code]);
  }

  /** The key log says what happened and what to do, after a command that met the lie. */
  async notes(order: Told, { command, code, says }: Caught): Promise<Ran> {
    const ran = await this.lied(order, command);
    const entry = (await this.log()).find((each) => each.code === code && says.test(each.text));
    assert.match(entry?.advice ?? 'no entry', /the server|by another way/, ran.stderr);
    return ran;
  }

  /** What a command ends with while the server lies. */
  async lied(order: Told, command: readonly string[]): Promise<Ran> {
    server.lie({ ...order, victim: this.fingerprint } as LieOrder);
    const ran = await this.person.json(...command);
    server.repent();
    return ran;
  }

  async contact({ address }: Client): Promise<Line> {
    return (await this.person.lines('contact', 'list')).find((each) => each.address === address);
  }

  log(): Promise<readonly Line[]> {
    return this.person.lines('log', 'list');
  }
}

type Told = LieOrder extends infer Order ? (Order extends LieOrder ? Omit<Order, 'victim'> : never) : never;

async function newVictim(name: string): Promise<Victim> {
  const person = new Person({ folder: folder.at(name), name });
  const { fingerprint } = await signUp(person, await invitation());
  const victim = new Victim(person, fingerprint);
  await ada.box.addContact(victim.address);
  await person.lines('contact', 'accept', ada.address);
  await ada.box.sync();
  return victim;
}

async function newClient(name: string): Promise<Client> {
  const client = new Client({ folder: folder.at(name), name });
  await client.signUp(await invitation());
  return client;
}

async function invitation(): Promise<string> {
  return (await ada.box.createInvitations(1))[0] as string;
}

/** A room of all three, with a message in it. */
async function newRoom(): Promise<string> {
  const { id } = await ada.box.createRoom({ name: 'ward', type: 'chat', history: 'all', keying: 'era' });
  for (const { address } of [bea, cem]) await ada.box.addMember(id, address, 'member');
  await ada.box.sendMessage(id, 'before');
  return id;
}

/** What either side says now reaches the other, behind what was said before; nobody else is in the room. */
async function bothTalk(room: string): Promise<void> {
  await ada.box.sendMessage(room, 'after');
  await bea.person.lines('message', 'send', room, 'an answer');
  await ada.box.sync();
  const texts = ['before', 'after', 'an answer'];
  assert.deepEqual(
    (await ada.box.listMessages(room)).map(({ text }) => text),
    texts,
  );
  assert.deepEqual(await bea.person.texts(room), texts);
  assert.strictEqual((await ada.box.roomMembers(room)).length, 3);
}

/** Where texts stand in the log. */
async function positionsOf(room: string, texts: readonly string[]): Promise<readonly number[]> {
  const found = (await ada.box.listMessages(room)).filter(({ text }) => texts.includes(text));
  return found.map(({ n }) => n as number);
}

function printOf({ session }: Client): string {
  return hex(session.identity.fingerprint);
}

function blobs(): readonly string[] {
  return filesBelow(folder.at('server', 'blobs'));
}
