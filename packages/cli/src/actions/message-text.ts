import { buffer } from 'node:stream/consumers';
import { parseUtf8, utf8 } from '@sotto/bytes';
import type { Run } from '../command.ts';
import { CliFault } from '../fault.ts';

/** The text of a message: as given, of standard input (`-`, or none at no terminal), or asked for. */
export async function readText(given: string | undefined, run: Run): Promise<string> {
  const { stdin } = run.world;
  if (given !== undefined && given !== '-') return checkText(given);
  if (given === undefined && run.dialogue.canAsk) return checkText(await run.dialogue.text('Message'));
  if (given === undefined && stdin.isTTY === true) throw new CliFault('input-needed', 'no text was given');
  // The line ending that programs put behind the last line is not part of what was said.
  return checkText(parseUtf8(await buffer(stdin)).replace(/\r?\n$/, ''));
}

async function checkText(text: string): Promise<string> {
  const bytes = utf8(text).length;
  if (text === '') throw new CliFault('usage', 'the text is empty');
  if (bytes <= SHORT_BYTES) return text;
  const { MAX_TEXT_BYTES, ProtocolUsageFault } = await import('@sotto/protocol');
  if (bytes > MAX_TEXT_BYTES) throw new ProtocolUsageFault('message-too-long', `the text has ${bytes} bytes`);
  return text;
}

/** What needs no look at the protocol's limit. */
const SHORT_BYTES = 16_384;
