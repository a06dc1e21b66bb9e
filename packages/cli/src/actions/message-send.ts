import type { KeyBox, Sent } from '@sotto/keybox';
import { withAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';
import { messageIdOf } from './ids.ts';
import { readText } from './message-text.ts';
import { addressIn, targetOf } from './target.ts';

type None = Readonly<Record<never, never>>;

export async function sendMessage(
  run: Run,
  { key, replyTo, voice }: { readonly key?: string; readonly replyTo?: string; readonly voice?: string },
  target: string,
  given?: string,
): Promise<void> {
  if (voice !== undefined) {
    if (given !== undefined || replyTo !== undefined)
      throw new CliFault('usage', '--voice goes without text and --reply-to');
    return (await import('./voice-send.ts')).sendVoice(run, { voice, key }, target);
  }
  const text = await readText(given, run);
  await withAccount(run, 'tried', async (box) => {
    const keyed = key === undefined ? {} : { key };
    const address = await addressIn(target);
    if (address !== null && replyTo === undefined) return tell(run, await box.sendDirect(address, text, keyed));
    const room = await targetOf(box, target);
    const reply = replyTo === undefined ? {} : { replyTo: await messageIdOf(box, room.id, replyTo) };
    tell(run, await box.sendMessage(room.id, text, { ...keyed, ...reply }));
  });
}

export async function editMessage(run: Run, _: None, room: string, id: string, given?: string): Promise<void> {
  const text = await readText(given, run);
  await change(run, { room, id }, (box, target) => box.editMessage(target.room, target.id, text));
}

export async function reactMessage(
  run: Run,
  { remove }: { readonly remove: boolean },
  room: string,
  id: string,
  given?: string,
): Promise<void> {
  const text = await readText(given, run);
  await change(run, { room, id }, (box, target) =>
    remove ? box.unreactMessage(target.room, target.id, text) : box.reactMessage(target.room, target.id, text),
  );
}

export async function deleteMessage(run: Run, _: None, room: string, id: string): Promise<void> {
  await run.dialogue.confirm('Delete the message for everybody?');
  await change(run, { room, id }, (box, target) => box.deleteMessage(target.room, target.id));
}

interface Target {
  readonly room: string;
  readonly id: string;
}

async function change(run: Run, target: Target, work: (box: KeyBox, target: Target) => Promise<Sent>): Promise<void> {
  await withAccount(run, 'tried', async (box) => {
    const { id: room } = await box.findRoom(target.room);
    tell(run, await work(box, { room, id: await messageIdOf(box, room, target.id) }));
  });
}

/** What could not leave is told as the answer it is, and as a fault. */
function tell({ output }: Run, sent: Sent): void {
  output.done(sent, () => (sent.state === 'queued' ? `Queued, ${sent.id}.` : `Sent, ${sent.id}.`));
  if (sent.state === 'queued') {
    throw new CliFault('unreachable', 'the server is out of reach; it waits in the encrypted outbox');
  }
}
