import type { KeyBox, RoomView } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';
import { printableLine } from '../terminal.ts';
import { roomJson } from './views.ts';

type Off = { readonly off: boolean };

export async function pinRoom(run: Run, { off }: Off, room: string): Promise<void> {
  await mark(run, room, {
    work: (box, id) => box.roomNotes.pin(id, !off),
    text: off ? 'stands among the others again.' : 'stands above the others now.',
  });
}

export async function archiveRoom(run: Run, { off }: Off, room: string): Promise<void> {
  await mark(run, room, {
    work: (box, id) => box.roomNotes.archive(id, !off),
    text: off ? 'is back among the others.' : 'is put away.',
  });
}

export async function muteRoom(
  run: Run,
  { off, hours }: Off & { readonly hours?: number },
  room: string,
): Promise<void> {
  if (off && hours !== undefined) throw new CliFault('usage', '--off stands alone');
  const until = off ? null : hours === undefined ? 'forever' : Date.now() + hours * HOUR_MILLISECONDS;
  await mark(run, room, {
    work: (box, id) => box.roomNotes.mute(id, until),
    text: off ? 'is heard again.' : 'is silent now.',
  });
}

async function mark(
  run: Run,
  room: string,
  { work, text }: { readonly work: (box: KeyBox, id: string) => Promise<void>; readonly text: string },
): Promise<void> {
  await withAccount(run, 'wanted', async (box) => {
    const { id }: RoomView = await box.findRoom(room);
    await work(box, id);
    const view = await box.findRoom(id);
    run.output.done(roomJson(view), () => `${printableLine(view.name)} ${text}`);
  });
}

const HOUR_MILLISECONDS = 3_600_000;
