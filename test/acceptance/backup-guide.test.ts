import { readFileSync } from 'node:fs';
import { assert, test } from 'vitest';
import { Client } from '../support/client.ts';
import { TemporaryFolder } from '../support/folder.ts';
import { paste, section, shellBlocks } from '../support/guide.ts';
import { HomeServer } from '../support/home-server.ts';
import { root } from '../support/program.ts';

test('backup, verify and restore work as the guide for administrators prints them', async () => {
  using folder = new TemporaryFolder();
  const guide = readFileSync(`${root}docs/admin-guide.md`, 'utf8')
    .replaceAll('/var/lib/sotto', folder.at('sotto'))
    .replaceAll('/backup/sotto', folder.at('backup'))
    .replaceAll('/etc/sotto', folder.path);
  const [names = '', backup = ''] = shellBlocks(section(guide, '## Backup'));
  const [verify = ''] = shellBlocks(section(guide, '## Verify'));
  const [restore = ''] = shellBlocks(section(guide, '## Restore'));
  await using ada = new Client({ folder: folder.at('ada'), name: 'ada' });
  await using server = await HomeServer.start({ data: folder.at('sotto') });
  await ada.signUp(server.invitation);

  const made = await paste(names, backup);
  assert.match(made, /Backup of localhost at .*first: .* with the sealed keys of the cluster\n/);
  assert.match(made, /Backup of localhost at .*second: .* without the keys/);
  assert.deepEqual((await paste(names, verify)).match(/^Sound: .*$/gm), [EXAMINED, EXAMINED]);

  const { id } = await ada.box.createRoom({ name: 'notes', type: 'chat', history: 'all', keying: 'era' });
  await ada.box.sendMessage(id, 'since the backup');
  await server.stop();
  assert.match(await paste(names, restore), /^Restored localhost to .* as it was at [0-9-]+T.*; start it$/m);
  await server.start();
  assert.deepEqual(await ada.box.sync(), { online: true, faults: [] });
  assert.deepEqual(
    (await ada.box.listMessages(id)).map(({ text }) => text),
    ['since the backup'],
  );
}, 120_000);

const EXAMINED = 'Sound: 1 rooms, 1 sigchains, 0 blobs';
