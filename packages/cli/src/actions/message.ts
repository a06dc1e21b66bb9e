import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';
import { printableLine } from '../terminal.ts';
import { messageIdOf } from './ids.ts';
import { messageJson, messageText } from './views.ts';

export async function listMessages(
  { output, ...run }: Run,
  { after }: { readonly after?: number },
  room: string,
): Promise<void> {
  await withAccount({ output, ...run }, 'wanted', async (box) => {
    const { id } = await box.findRoom(room);
    const messages = await box.listMessages(id, after === undefined ? {} : { after });
    const isPartial = (await box.archive.status()).open.some((open) => open.room === id);
    if (isPartial) output.note('What is older is still being fetched: `sotto archive status`.');
    if (output.json) output.list(messages.map(messageJson), String);
    else if (messages.length === 0) output.note('No messages.');
    else output.list(messages, () => messages.map((message) => messageText(message, output.style)).join('\n'));
    return id;
  });
}

export async function markRead(run: Run, { to }: { readonly to?: number }, room: string): Promise<void> {
  await withAccount(run, 'wanted', async (box) => {
    const { id, name } = await box.findRoom(room);
    await box.markRead(id, to);
    const { unread } = await box.findRoom(id);
    run.output.done({ room: id, unread }, () => `${printableLine(name)}: ${unread} unread.`);
  });
}

export async function showMessage(
  run: Run,
  { container }: { readonly container: boolean },
  room: string,
  word: string,
): Promise<void> {
  if (container && run.common.json) throw new CliFault('usage', 'a container is bytes: leave out --json');
  await withAccount(run, 'wanted', async (box) => {
    const { id: inRoom } = await box.findRoom(room);
    const id = await messageIdOf(box, inRoom, word);
    if (container) return void run.output.raw(await box.showMessageContainer(inRoom, id));
    const message = (await box.listMessages(inRoom)).find((each) => each.id === id);
    if (message === undefined) throw new CliFault('not-found', 'no message of that id is in the room');
    run.output.value(messageJson(message), () => messageText(message, run.output.style));
    return inRoom;
  });
}
