import { basename, resolve } from 'node:path';
import { safeFileName } from '@sotto/protocol';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';
import { printableLine } from '../terminal.ts';
import { mediaTypeOf } from './media-type.ts';
import { targetOf } from './target.ts';
import { openProgress } from './transfer-progress.ts';

export interface SendFlags {
  readonly name?: string;
  readonly type?: string;
  readonly replace?: string;
  readonly key?: string;
}

export async function sendFile(run: Run, flags: SendFlags, target: string, given: string): Promise<void> {
  const path = resolve(given);
  const name = flags.name ?? safeFileName(basename(path));
  if (flags.name === undefined && name !== basename(path)) {
    run.output.note(`It is sent as ${printableLine(name)}: not every system can write its name.`);
  }
  await withAccount(run, 'needed', async (box, tools) => {
    const { id: room } = await targetOf(box, target);
    const replaces = flags.replace === undefined ? undefined : (await box.files.find(room, flags.replace)).id;
    using line = openProgress(run, printableLine(name));
    const mediaType = flags.type ?? mediaTypeOf(name);
    const transfer = { progress: line.update, signal: run.world.stopped() };
    const { id, state } = await tools.sendFile({ room, path, name, mediaType, replaces, key: flags.key, ...transfer });
    line.clear();
    run.output.done({ id, room, name, state }, () => (state === 'queued' ? `Queued, ${id}.` : `Sent, ${id}.`));
    if (state !== 'queued') return;
    throw new CliFault('unreachable', 'the content is there, but the server is out of reach: its message waits');
  });
}
