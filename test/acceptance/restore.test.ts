import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '@sotto/bytes';
import { testDatabase } from '@sotto/testing';
import { assert, test } from 'vitest';
import { befriendClients, Client } from '../support/client.ts';
import { TemporaryFolder } from '../support/folder.ts';
import { HomeServer } from '../support/home-server.ts';
import { type Ended, root, runProgram } from '../support/program.ts';
import { SmallDisk } from '../support/small-disk.ts';

test('a server that burns down is restored, and its users give back everything since the backup', async () => {
  using folder = new TemporaryFolder();
  await using ada = new Client({ folder: folder.at('ada'), name: 'ada' });
  await using bea = new Client({ folder: folder.at('bea'), name: 'bea', suite: 'classic' });
  await using cem = new Client({ folder: folder.at('cem'), name: 'cem' });
  const data = folder.at('server');
  const database = await testDatabase();
  const first = await HomeServer.start({ data, ...at(database) });
  await ada.signUp(first.invitation);
  const [one = '', two = ''] = await ada.box.createInvitations(2);
  await bea.signUp(one);
  await cem.signUp(two);
  await befriendClients(ada, bea);
  const { id: ward } = await ada.box.createRoom({ name: 'ward', type: 'chat', history: 'all', keying: 'era' });
  await ada.box.addMember(ward, bea.address, 'member');
  await ada.box.sendMessage(ward, 'before the backup');
  await settle(bea);

  const backup = folder.at('backup');
  await sound(['backup', '--data', data, '--out', backup, '--with-keys', await passphrase(folder), ...words(database)]);

  await bea.box.sendMessage(ward, 'since the backup');
  await befriendClients(ada, cem);
  await ada.box.addMember(ward, cem.address, 'member');
  await settle(cem);
  await cem.box.sendMessage(ward, 'a new member speaks');
  const { id: lab } = await ada.box.createRoom({ name: 'lab', type: 'chat', history: 'all', keying: 'per-message' });
  await ada.box.addMember(lab, bea.address, 'member');
  await settle(bea);
  await bea.box.sendMessage(lab, 'in a new room');
  const direct = await cem.box.directRoom(ada.address);
  await cem.box.sendMessage(direct.id, 'between contacts');
  for (const client of [ada, bea, cem]) await settle(client);

  await first.kill();
  rmSync(data, { recursive: true });
  const empty = await testDatabase({ empty: true });
  await sound(['restore', backup, '--data', data, '--with-keys', await passphrase(folder), ...words(empty)]);
  await sound(['verify', '--data', data, ...words(empty)]);
  await using server = await HomeServer.start({ data, ...at(empty) });
  assert.strictEqual(server.line.url, first.line.url);

  // In turns, as they would come back: each helps with what the others know.
  for (let round = 0; round < 3; round++) for (const client of [cem, bea, ada]) await come(client);
  const waited = await cem.box.sendMessage(ward, 'life goes on');
  assert.strictEqual(waited.state, 'accepted');
  for (const client of [ada, bea, cem]) await settle(client);

  const ours = ['before the backup', 'since the backup', 'a new member speaks', 'life goes on'];
  for (const client of [ada, bea, cem]) assert.deepEqual(await texts(client, ward), ours, client.options.name);
  for (const client of [ada, bea]) assert.deepEqual(await texts(client, lab), ['in a new room']);
  for (const client of [ada, cem]) assert.deepEqual(await texts(client, direct.id), ['between contacts']);
  assert.deepEqual(await order(bea, ward), await order(ada, ward));
  const logs = await Promise.all([ada, bea, cem].map(async ({ box }) => (await box.keyLog()).map(({ code }) => code)));
  assert.notInclude(logs.flat(), 'rollback');
  await bea.box.sendMessage(lab, 'and here');
  await settle(ada);
  assert.deepEqual(await texts(ada, lab), ['in a new room', 'and here']);
}, 300_000);

test.skipIf(process.env['SOTTO_TEST_DATABASE'] === 'postgres')(
  'an old copy without a new incarnation is a rollback, and nothing is given to it',
  async () => {
    using folder = new TemporaryFolder();
    await using ada = new Client({ folder: folder.at('ada'), name: 'ada' });
    const data = folder.at('server');
    await using server = await HomeServer.start({ data });
    await ada.signUp(server.invitation);
    const { id } = await ada.box.createRoom({ name: 'notes', type: 'chat', history: 'all', keying: 'era' });
    await ada.box.sendMessage(id, 'first');
    await server.stop();
    cpSync(data, folder.at('old'), { recursive: true });
    await server.start();
    await ada.box.sendMessage(id, 'second');
    await settle(ada);
    await server.stop();
    rmSync(data, { recursive: true });
    cpSync(folder.at('old'), data, { recursive: true });
    await server.start();
    assert.include(await refusals(ada), 'rollback');
    assert.deepEqual(await texts(ada, id), ['first', 'second']);
  },
  120_000,
);

test('a full disk under a backup leaves nothing behind, and the server serves on', async (context) => {
  using folder = new TemporaryFolder();
  using disk = SmallDisk.mount(folder.at('disk'), 1) ?? context.skip('this user may not mount');
  await using ada = new Client({ folder: folder.at('ada'), name: 'ada' });
  const data = folder.at('server');
  const database = await testDatabase();
  await using server = await HomeServer.start({ data, ...at(database) });
  await ada.signUp(server.invitation);
  disk.fill({ leaving: 128 * 1024 });
  const target = join(disk.path, 'backup');
  const full = await run(['backup', '--data', data, '--out', target, '--json', ...words(database)]);
  assert.strictEqual(full.code, 1);
  assert.strictEqual(JSON.parse(full.stderr).code, 'target-unusable');
  assert.isFalse(existsSync(target));
  const { id } = await ada.box.createRoom({ name: 'notes', type: 'chat', history: 'all', keying: 'era' });
  assert.strictEqual((await ada.box.sendMessage(id, 'goes on')).state, 'accepted');
  await sound(['backup', '--data', data, '--out', folder.at('backup'), ...words(database)]);
  const restored = join(disk.path, 'data');
  const empty = words(await testDatabase({ empty: true }));
  const refused = await run(['restore', folder.at('backup'), '--data', restored, '--json', ...empty]);
  assert.strictEqual(JSON.parse(refused.stderr).code, 'target-unusable');
  assert.deepEqual(existsSync(restored) ? readdirSync(restored) : [], []);
});

/** A sync in which single rooms may still wait for others. */
async function come({ box }: Client): Promise<void> {
  const { online, faults } = await box.sync();
  assert.isTrue(online);
  for (const { code } of faults) assert.include(['server-restored', 'restored-unconfirmed', 'not-found'], code);
}

async function settle({ box }: Client): Promise<void> {
  const { online, faults } = await box.sync();
  assert.deepEqual({ online, faults }, { online: true, faults: [] });
}

async function refusals({ box }: Client): Promise<readonly string[]> {
  try {
    return (await box.sync()).faults.map(({ code }) => code);
  } catch (cause) {
    if (cause instanceof Fault) return [cause.code];
    throw cause;
  }
}

async function texts({ box }: Client, room: string): Promise<readonly string[]> {
  return (await box.listMessages(room)).map(({ text }) => text);
}

async function order({ box }: Client, room: string): Promise<readonly unknown[]> {
  return (await box.listMessages(room)).map(({ n, id }) => ({ n, id }));
}

async function passphrase(folder: TemporaryFolder): Promise<string> {
  const path = folder.at('passphrase');
  await runProgram('sh', ['-c', `printf 'eleven grey geese over the marsh\\n' > '${path}'`]);
  return path;
}

function at(database: string | null): { readonly database?: string } {
  return database === null ? {} : { database };
}

function words(database: string | null): readonly string[] {
  return database === null ? [] : ['--database', database];
}

async function sound(line: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await run(line);
  assert.strictEqual(code, 0, `${stdout}${stderr}`);
}

function run(line: readonly string[]): Promise<Ended> {
  return runProgram(`${root}bin/sotto-server`, line);
}
