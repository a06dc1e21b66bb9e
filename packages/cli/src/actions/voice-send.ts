import { basename, resolve } from 'node:path';
import { describeVoice } from '@sotto/keybox';
import { safeFileName } from '@sotto/protocol';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';
import { readInput } from '../files.ts';
import { targetOf } from './target.ts';

/** Sends a recording to be heard at once. */
export async function sendVoice(
  run: Run,
  { voice: given, key }: { readonly voice: string; readonly key?: string | undefined },
  target: string,
): Promise<void> {
  const path = resolve(given);
  const voice = describeVoice(await readInput(path, run.world));
  const name = safeFileName(basename(path));
  await withAccount(run, 'needed', async (box, tools) => {
    const { id: room } = await targetOf(box, target);
    const { id, state } = await tools.sendFile({ room, path, name, mediaType: 'audio/ogg', key, voice });
    run.output.done({ id, state }, () => (state === 'queued' ? `Queued, ${id}.` : `Sent, ${id}.`));
    if (state !== 'queued') return;
    throw new CliFault('unreachable', 'the recording is there, but the server is out of reach: its message waits');
  });
}
