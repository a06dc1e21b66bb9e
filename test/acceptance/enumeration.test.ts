import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, assert, beforeAll, test } from 'vitest';
import { TemporaryFolder } from '../support/folder.ts';
import { HomeServer } from '../support/home-server.ts';
import { Person, type Ran, signUp } from '../support/person.ts';
import { type Judge, Relay } from '../support/relay.ts';

let folder: TemporaryFolder;
let server: HomeServer;
let relay: Relay;
let owner: Person;
/** What went through the relay since it was last looked at: direction and payload size of each frame. */
let frames: string[] = [];

beforeAll(async () => {
  folder = new TemporaryFolder();
  server = await HomeServer.start({ data: folder.at('server') });
  relay = await Relay.start({ target: server.line.url, judge: noteFrames });
  owner = new Person({ folder: folder.at('owner'), name: 'owner' });
  await signUp(owner, relay.through(server.invitation));
});

afterAll(async () => {
  await relay[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

test('who signs in cannot tell an unknown account from a wrong passphrase', async () => {
  const known = new Person({ folder: folder.at('nora'), name: 'nora' });
  await signUp(known, (await owner.line('invitation', 'create')).url);
  await known.lines('account', 'lock');
  const unknown = new Person({ folder: folder.at('nobo'), name: 'nobo', passphrase: 'the passphrase of nora is long' });
  pretend(known, unknown);
  writeFileSync(known.passphraseFile, 'quite another passphrase');
  for (let attempt = 1; attempt <= FREE_ATTEMPTS; attempt++) {
    const [wrong, stranger] = [await observe(known, ['room', 'list']), await observe(unknown, ['room', 'list'])];
    assert.deepEqual([wrong.ran.code, wrong.ran.fault], [4, 'wrong-passphrase']);
    assert.isAtLeast(wrong.frames.length, 4);
    assert.deepEqual(stranger, wrong, `attempt ${attempt}`);
  }
  const [wrong, stranger] = [await observe(known, ['room', 'list']), await observe(unknown, ['room', 'list'])];
  assert.deepEqual([wrong.ran.code, wrong.ran.fault], [7, 'throttled']);
  assert.deepEqual(stranger, wrong, 'slowed down alike');
});

test('who asks for a contact cannot tell whether there is such an account', async () => {
  const other = new Person({ folder: folder.at('olga'), name: 'olga' });
  await signUp(other, (await owner.line('invitation', 'create')).url);
  const add = async (address: string) => {
    // What an earlier command left to be sent says nothing about this one.
    await owner.lines('room', 'list');
    await owner.lines('room', 'list');
    return observe(owner, ['contact', 'add', address]);
  };
  const there = await add(other.address);
  const nowhere = await add('oleg@localhost');
  assert.strictEqual(there.ran.code, 0);
  assert.deepEqual(nowhere, there);
});

/** Puts the profile of one under the name of the other, of whom the server has never heard. */
function pretend(one: Person, other: Person): void {
  cpSync(one.home, other.home, { recursive: true });
  const accounts = join(other.home, 'accounts');
  renameSync(join(accounts, one.address), join(accounts, other.address));
  for (const path of [join(accounts, other.address, 'account'), join(other.home, 'current')]) {
    const content = readFileSync(path);
    const at = content.indexOf(one.address);
    assert.isAtLeast(at, 0);
    content.write(other.address, at);
    writeFileSync(path, content);
  }
}

interface Observed {
  readonly ran: Pick<Ran, 'code' | 'fault' | 'stderr'> & { readonly stdout: string };
  readonly frames: readonly string[];
}

/** What a command shows, names and waiting times aside, and what went over the wire. */
async function observe(person: Person, words: readonly string[]): Promise<Observed> {
  frames = [];
  const { code, fault, stderr, bytes } = await person.json(...words);
  const stdout = Buffer.from(bytes)
    .toString()
    .replaceAll(/[a-z]+@localhost/g, 'ADDRESS');
  return { ran: { code, fault, stderr: stderr.replaceAll(/[0-9]+ s\b/g, 'N s'), stdout }, frames: [...frames] };
}

function noteFrames(): Judge {
  return ({ kind, raw, payload }, direction) => {
    if (kind === 'data') frames.push(`${direction} ${payload.length}`);
    return [raw];
  };
}

const FREE_ATTEMPTS = 3;
