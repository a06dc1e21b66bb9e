import type { MessageView } from '@sotto/keybox';
import { openAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { messageJson, messageText } from './views.ts';

/**
 * Prints what comes or changes from now on. Other commands can use the profile meanwhile: it is locked only while a
 * batch is applied.
 */
export async function watchMessages(run: Run): Promise<void> {
  const stopped = run.world.stopped();
  const account = await openAccount(run);
  try {
    let { cursor } = await account.locked((box) => box.changes(-1));
    run.output.note('Watching. Ctrl-C ends it.');
    let failures = 0;
    while (!stopped.aborted) {
      const batch = await account.locked(async (box) => {
        const { online } = await box.sync();
        return { online, ...(await box.changes(cursor)) };
      });
      account.release();
      cursor = batch.cursor;
      print(run, batch.messages);
      failures = batch.online ? 0 : failures + 1;
      await account.wait({
        signal: stopped,
        timeoutMilliseconds: batch.online ? IDLE_MILLISECONDS : backoff(failures),
      });
    }
  } finally {
    await account.close();
  }
}

function print({ output }: Run, messages: readonly MessageView[]): void {
  if (messages.length === 0) return;
  if (output.json) output.list(messages.map(messageJson), String);
  else output.list(messages, () => messages.map((message) => messageText(message, output.style)).join('\n'));
}

/** 1, 2, 4 ... seconds, at most half a minute. */
function backoff(failures: number): number {
  return Math.min(1000 * 2 ** (failures - 1), 30_000);
}

/** How long a connection that was lost in silence goes unnoticed. */
const IDLE_MILLISECONDS = 10_000;
