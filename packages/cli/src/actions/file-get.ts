import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { printableLine } from '../terminal.ts';
import { openProgress } from './transfer-progress.ts';

export async function fetchFile(
  run: Run,
  { out, version, force }: { readonly out: string; readonly version?: number; readonly force: boolean },
  roomWord: string,
  word: string,
): Promise<void> {
  await withAccount(run, 'wanted', async (box, tools) => {
    const { id: room } = await box.findRoom(roomWord);
    const { id: file, name, renamed } = await box.files.find(room, word);
    if (renamed) run.output.note('Its sender gave it a name that is not shown as it is.');
    const path = (await isFolder(out)) ? join(resolve(out), name) : resolve(out);
    using line = openProgress(run, printableLine(name));
    const transfer = { progress: line.update, signal: run.world.stopped() };
    const got = await tools.fetchFile({ room, file, version, path, replace: force, ...transfer });
    line.clear();
    const { sizeBytes, contentHash } = got;
    const answer = { id: file, name, path, sizeBytes, contentHash, version: got.version };
    run.output.done(answer, () => `Fetched and verified: ${printableLine(path)}`);
  });
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() ?? false;
}
