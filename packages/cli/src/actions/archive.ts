import type { ArchiveView, KeyBox } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { progressLine } from '../progress.ts';
import { pairs, table } from '../terminal.ts';

export async function showArchive(run: Run): Promise<void> {
  await withAccount(run, 'wanted', async (box) => print(run, box));
}

export async function fetchArchive(run: Run): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    const line = progressLine(run);
    const result = await box.sync({ onProgress: line.onProgress, signal: run.world.stopped() });
    line.end();
    for (const { code, message } of result.faults) run.output.note(`Not up to date: ${message} [${code}]`);
    if (result.fault !== undefined) throw result.fault;
    await print(run, box);
  });
}

async function print({ output }: Run, box: KeyBox): Promise<void> {
  const view = await box.archive.status();
  const names = new Map((await box.listRooms()).map(({ id, name }) => [id, name]));
  output.value(view, () => forPeople(view, { names, style: output.style }));
}

function forPeople(
  { rooms, roomsDone, entries, entriesDone, open }: ArchiveView,
  { names, style }: { readonly names: ReadonlyMap<string, string>; readonly style: Run['output']['style'] },
): string {
  const summary = pairs(
    [
      ['Rooms', `${roomsDone} of ${rooms} whole`],
      ['Entries', `${entriesDone} of ${entries}`],
    ],
    style,
  );
  if (open.length === 0) return summary;
  const rows = open.map((room) => [
    names.get(room.room) || room.room.slice(0, 8),
    String(room.entriesDone),
    String(room.entries),
  ]);
  return `${summary}\n\n${table(['ROOM', 'HERE', 'OF'], rows, style)}`;
}
