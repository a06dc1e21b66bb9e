import type { FileView } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { printableLine, type Style, when } from '../terminal.ts';
import { transferIdOf } from './ids.ts';
import { sizeText } from './transfer-progress.ts';
import { isoTime } from './views.ts';

type None = Readonly<Record<never, never>>;

export async function listFiles(run: Run, _: None, room: string): Promise<void> {
  await withAccount(run, 'wanted', async (box) => {
    tell(run, await box.files.list((await box.findRoom(room)).id));
  });
}

export async function listVersions(run: Run, _: None, room: string, word: string): Promise<void> {
  await withAccount(run, 'wanted', async (box) => {
    const { id } = await box.findRoom(room);
    tell(run, await box.files.versions(id, (await box.files.find(id, word)).id));
  });
}

export async function removeFile(
  run: Run,
  options: { readonly version?: number },
  room: string,
  word: string,
): Promise<void> {
  await run.dialogue.confirm('Take the file back from everybody?');
  await withAccount(run, 'tried', async (box) => {
    const { id } = await box.findRoom(room);
    const file = await box.files.find(id, word);
    await box.files.remove(id, file.id, options.version === undefined ? {} : { version: options.version });
    run.output.done({ id: file.id, room: id, name: file.name }, () => `Removed, ${printableLine(file.name)}.`);
  });
}

export async function listTransfers(run: Run): Promise<void> {
  await withAccount(run, 'unused', async (box) => {
    const transfers = await box.files.transfers();
    if (run.output.json)
      return run.output.list(
        transfers.map(({ at, ...rest }) => ({ ...rest, at: isoTime(at) })),
        String,
      );
    if (transfers.length === 0) return run.output.note('No transfers.');
    run.output.list(transfers, () =>
      transfers
        .map(({ id, kind, name, doneBytes, sizeBytes, place }) =>
          [
            id.slice(0, 8),
            kind,
            printableLine(name),
            `${sizeText(doneBytes)} of ${sizeText(sizeBytes)}`,
            printableLine(place),
          ].join('  '),
        )
        .join('\n'),
    );
  });
}

export async function cancelTransfer(run: Run, _: None, word: string): Promise<void> {
  await withAccount(run, 'wanted', async (box, tools) => {
    const id = await transferIdOf(box, word);
    await tools.cancelTransfer(id);
    run.output.done({ id }, () => 'Given up.');
  });
}

function tell({ output }: Run, files: readonly FileView[]): void {
  if (output.json) {
    output.list(
      files.map(({ at, ...rest }) => ({ ...rest, at: isoTime(at) })),
      String,
    );
  } else if (files.length === 0) output.note('No files.');
  else output.list(files, () => files.map((file) => fileText(file, output.style)).join('\n'));
}

function fileText({ id, name, sizeBytes, version, author, at, n, renamed }: FileView, style: Style): string {
  return [
    style('dim', id.slice(0, 8)),
    style('bold', printableLine(name)),
    sizeText(sizeBytes),
    version > 1 ? `version ${version}` : '',
    when(at),
    printableLine(author),
    n === null ? style('cyan', 'queued') : '',
    renamed ? style('dim', 'renamed') : '',
  ]
    .filter((part) => part !== '')
    .join('  ');
}
