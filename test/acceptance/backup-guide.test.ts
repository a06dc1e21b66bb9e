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
    .replaceAll('/etc/sotto', folder.path)
    .replaceAll('/mnt/other/sotto', folder.at('replica'))
    .replaceAll('/tmp/sotto-drill', folder.at('drill'));
  const [names = '', backup = ''] = shellBlocks(section(guide, '## Backup'));
  const [verify = ''] = shellBlocks(section(guide, '## Verify'));
  const [restore = ''] = shellBlocks(section(guide, '## Restore'));
  const [drill = ''] = shellBlocks(section(guide, '## Replica'));
  await using ada = new Client({ folder: folder.at('ada'), name: 'ada' });
  const words = ['--replica', folder.at('replica'), '--replica-interval', '1'];
  await using server = await HomeServer.start({ data: folder.at('sotto'), words, logLevel: 'info' });
  await ada.signUp(server.invitation);

  const made = await paste(names, backup);
  assert.match(made, /Backup of localhost at .*first: .* with the sealed keys of the cluster\n/);
  assert.match(made, /Backup of localhost at .*second: .* without the keys/);
  assert.deepEqual((await paste(names, verify)).match(/^Sound: .*$/gm), [EXAMINED, EXAMINED]);

  const { id } = await ada.box.createRoom({ name: 'notes', type: 'chat', history: 'all', keying: 'era' });
  await ada.box.sendMessage(id, 'since the backup');
  assert.match(await metrics(server), /^sotto_replica_lag_seconds [0-9.]+$/m);
  await server.stop();
  assert.include(server.said, 'replica-current');
  const drilled = await paste(names, drill);
  assert.deepEqual(drilled.match(/^Sound: .*$/gm), [
    EXAMINED.replace('1 rooms', '2 rooms'),
    EXAMINED.replace('1 rooms', '2 rooms'),
  ]);
  assert.include(drilled, 'Restored localhost');
  assert.match(await paste(names, restore), /^Restored localhost to .* as it was at [0-9-]+T.*; start it$/m);
  await server.start();
  assert.deepEqual(await ada.box.sync(), { online: true, faults: [] });
  assert.deepEqual(
    (await ada.box.listMessages(id)).map(({ text }) => text),
    ['since the backup'],
  );
});

const EXAMINED = 'Sound: 1 rooms, 1 sigchains, 0 blobs';

async function metrics({ line }: HomeServer): Promise<string> {
  return (await fetch(`${line.url}/v1/metrics`)).text();
}
