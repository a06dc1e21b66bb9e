import { writeFileSync } from 'node:fs';
import { Fault } from '@sotto/bytes';
import { FileSource } from '@sotto/keybox-node';
import { assert, test } from 'vitest';
import { befriendClients, type Client } from '../support/client.ts';
import { TemporaryFolder } from '../support/folder.ts';
import { HomeServer } from '../support/home-server.ts';
import { clientIn } from '../support/load.ts';
import { SmallDisk } from '../support/small-disk.ts';

/** Room that is left, KiB: the disk fills up at another write of a deed each time; SOTTO_FILL_LEVELS has more of them. */
const LEVELS = [0, 8, 24, 64, 128, 192].flatMap((level) => finer(level, Number(process.env['SOTTO_FILL_LEVELS'] ?? 1)));

test.skipIf(process.env['SOTTO_TEST_DATABASE'] === 'postgres')(
  'a server whose disk is full, at each of its writes',
  async (context) => {
    using folder = new TemporaryFolder();
    using disk = SmallDisk.mount(folder.at('disk'), 12);
    if (disk === null) return context.skip('a small disk cannot be mounted by this user');
    await using server = await HomeServer.start({ data: folder.at('disk', 'server') });
    await ring(server, { folder, disk, at: (name) => folder.at(name) });
  },
  300_000,
);

test('a client whose disk is full, at each of its writes', async (context) => {
  using folder = new TemporaryFolder();
  using disk = SmallDisk.mount(folder.at('disk'), 8);
  if (disk === null) return context.skip('a small disk cannot be mounted by this user');
  await using server = await HomeServer.start({ data: folder.at('server') });
  await ring(server, { folder, disk, at: (name) => folder.at(...(name === 'ada' ? ['disk'] : []), name) });
}, 300_000);

interface Scene {
  readonly folder: TemporaryFolder;
  readonly disk: SmallDisk;
  /** Where somebody's vault lies. */
  at(name: string): string;
}

/** Fills the disk before each deed, does it again with room, and looks that each was done once. */
async function ring(server: HomeServer, { folder, disk, at }: Scene): Promise<void> {
  await using ada = clientIn({ at } as TemporaryFolder, 'ada');
  await using bea = clientIn({ at } as TemporaryFolder, 'bea', 'classic');
  await ada.signUp(server.invitation);
  await bea.signUp((await ada.box.createInvitations(1))[0] as string);
  await befriendClients(ada, bea);
  const { id: ward } = await ada.box.createRoom({ name: 'ward', type: 'chat', history: 'all', keying: 'era' });
  await ada.box.addMember(ward, bea.address, 'member');
  await bea.box.sync();
  const texts: string[] = [];
  const names: string[] = [];
  let refused = 0;

  for (const level of LEVELS) {
    const text = `${level} KiB left`;
    const name = `file-${level}`;
    writeFileSync(folder.at(name), Buffer.alloc(40_000, name));
    const deeds: readonly (() => Promise<unknown>)[] = [
      () => ada.box.sendMessage(ward, text, { key: text }),
      () => sendFile(ada, ward, { path: folder.at(name), name }),
      () => ada.box.rotateRoom(ward),
    ];
    texts.push(text);
    names.push(name);
    for (const deed of deeds) {
      disk.fill({ leaving: level * 1024 });
      refused += await refusals(deed);
      const shown = (await ada.box.listMessages(ward)).map((message) => message.text);
      assert.includeMembers(shown, texts.slice(0, -1), 'what was there is read');
      disk.free();
      await deed();
    }
    await ada.box.flushOutbox();
  }

  assert.isAbove(refused, 0);
  for (const { box } of [ada, bea, ada]) assert.deepEqual(await box.sync(), { online: true, faults: [] });
  for (const { box } of [ada, bea]) {
    const said = (await box.listMessages(ward)).filter(({ file }) => file === undefined);
    assert.deepEqual(
      said.map(({ text }) => text),
      texts,
    );
    assert.deepEqual((await box.files.list(ward)).map(({ name }) => name).toSorted(), names.toSorted());
    assert.deepEqual(await box.listOutbox(), []);
    assert.deepEqual(
      (await box.audit()).filter(({ ok }) => !ok),
      [],
    );
  }
}

async function sendFile(
  { box }: Client,
  room: string,
  { path, name }: { readonly path: string; readonly name: string },
): Promise<void> {
  await using source = await FileSource.open(path);
  await box.files.send(room, source, { name, key: name });
}

/** 1 if the deed was refused for the full disk, or waits for it in the outbox; nothing else may refuse it. */
async function refusals(deed: () => Promise<unknown>): Promise<0 | 1> {
  try {
    const done = await deed();
    return typeof done === 'object' && done !== null && 'state' in done && done.state === 'queued' ? 1 : 0;
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'disk-full') throw cause;
    return 1;
  }
}

/** The level, and others between it and the next. */
function finer(level: number, parts: number): readonly number[] {
  return Array.from({ length: parts }, (_, i) => level + Math.round((i * 64) / parts));
}
