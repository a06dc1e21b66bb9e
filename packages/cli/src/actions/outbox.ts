import type { KeyBox } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';
import { table, when } from '../terminal.ts';
import { outboxIdOf } from './ids.ts';
import { isoTime } from './views.ts';

type None = Readonly<Record<never, never>>;

export async function listOutbox({ output, ...run }: Run): Promise<void> {
  await withAccount({ output, ...run }, 'unused', async (box) => {
    const items = await box.listOutbox();
    if (output.json)
      return output.list(
        items.map(({ at, ...item }) => ({ ...item, at: isoTime(at) })),
        String,
      );
    if (items.length === 0) return output.note('Nothing waits.');
    const rows = items.map(({ at, kind, room, id, code }) => [when(at), kind, room.slice(0, 16), id, code ?? '']);
    output.list(items, () => table(['SINCE', 'KIND', 'ROOM', 'ID', 'REFUSED'], rows, output.style));
  });
}

export async function dropOutbox(run: Run, _: None, word: string): Promise<void> {
  await withAccount(run, 'unused', async (box) => {
    const id = await outboxIdOf(box, word);
    await box.dropOutbox(id);
    run.output.done({ id, dropped: true }, () => 'Taken back.');
  });
}

export async function flushOutbox(run: Run): Promise<void> {
  await withAccount(run, 'unused', async (box) => {
    const before = await waiting(box);
    const { online, faults, fault } = await box.sync();
    const left = await waiting(box);
    run.output.done({ sent: before - left, left }, () => `Sent ${before - left}, ${left} left.`);
    if (!online) throw fault ?? new CliFault('unreachable', 'the server is out of reach');
    if (left > 0 && faults[0] !== undefined) throw faults[0];
  });
}

async function waiting(box: KeyBox): Promise<number> {
  return (await box.listOutbox()).length;
}
