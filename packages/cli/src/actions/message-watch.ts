import type { MessageView } from '@sotto/keybox';
import { openAccount } from '../account.ts';
import type { Run } from '../command.ts';
import { messageJson, messageText } from './views.ts';

/** Prints what comes or changes from now on. Other commands can use the account meanwhile. */
export async function watchMessages(run: Run): Promise<void> {
  const stopped = run.world.stopped();
  const account = await openAccount(run);
  try {
    run.output.note('Watching. Ctrl-C ends it.');
    for await (const messages of account.watch(stopped)) print(run, messages);
  } finally {
    await account.close();
  }
}

function print({ output }: Run, messages: readonly MessageView[]): void {
  if (output.json) output.list(messages.map(messageJson), String);
  else output.list(messages, () => messages.map((message) => messageText(message, output.style)).join('\n'));
}
