import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { table, when } from '../terminal.ts';
import { isoTime } from './views.ts';

export async function listRequests(run: Run): Promise<void> {
  const { output } = run;
  await withAccount(run, 'wanted', async (box) => {
    const requests = await box.keyRequests.list();
    if (output.json)
      return output.list(
        requests.map((request) => ({ ...request, at: isoTime(request.at) })),
        String,
      );
    const names = new Map((await box.listRooms()).map(({ id, name }) => [id, name]));
    const rows = requests.map(({ id, room, eras, author, own, at, state }) => [
      id.slice(0, 8),
      when(at),
      own ? 'this account' : (author ?? '?'),
      names.get(room) || room.slice(0, 8),
      eras.join(', '),
      state,
    ]);
    output.list(requests, () => table(['ID', 'TIME', 'WHO', 'ROOM', 'ERAS', 'STATE'], rows, output.style));
  });
}

export async function approveRequest(run: Run, _flags: object, id: string): Promise<void> {
  await withAccount(run, 'needed', async (box) => {
    await box.keyRequests.approve(id);
    run.output.done({ id, state: 'answered' }, () => 'The keys are on their way.');
  });
}

export async function denyRequest(run: Run, _flags: object, id: string): Promise<void> {
  await withAccount(run, 'wanted', async (box) => {
    await box.keyRequests.deny(id);
    run.output.done({ id, state: 'denied' }, () => 'Nothing is given.');
  });
}
