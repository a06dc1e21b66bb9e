import { open, stat } from 'node:fs/promises';
import type { Dialogue } from './dialogue.ts';
import { CliFault } from './fault.ts';
import type { Output } from './output.ts';

/** Where a passphrase may come from, in this order; never from the command line itself. */
export interface PassphraseSource {
  /** What it is called in a question: `Passphrase`. */
  readonly name: string;
  readonly file: string | undefined;
  /** Asks twice: the passphrase is being chosen. */
  readonly isNew?: boolean;
  /** Throws for one that may not be chosen, before it is asked for once more. */
  readonly check?: (passphrase: string) => void;
}

/** A passphrase from its file, else from a question. Throws `file-unreadable`, `input-needed`, `cancelled`. */
export async function readPassphrase(source: PassphraseSource, { output, dialogue }: Asking): Promise<string> {
  if (source.file !== undefined) return readSecretFile(source.file, output);
  const secret = await dialogue.secret(source.name);
  if (source.isNew !== true) return secret;
  source.check?.(secret);
  if ((await dialogue.secret(`${source.name}, once more`)) === secret) return secret;
  throw new CliFault('usage', 'the two were not the same; nothing was changed');
}

export interface Asking {
  readonly output: Output;
  readonly dialogue: Dialogue;
}

/** The first line of a file without its line ending; warns if others on the machine may read it. */
export async function readSecretFile(path: string, output: Output): Promise<string> {
  const [bytes, mode] = await readHead(path);
  if ((mode & 0o077) !== 0) output.note(`${path} can be read by others: chmod 600 it.`);
  const end = bytes.indexOf(0x0a);
  const line = end < 0 ? bytes : bytes.subarray(0, end);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(line).replace(/\r$/, '');
    if (text === '') throw new CliFault('file-unreadable', `the first line of ${path} is empty`);
    return text;
  } catch (cause) {
    if (cause instanceof CliFault) throw cause;
    throw new CliFault('file-unreadable', `the first line of ${path} is not UTF-8`, { cause });
  } finally {
    bytes.fill(0);
  }
}

async function readHead(path: string): Promise<[bytes: Uint8Array, mode: number]> {
  try {
    const { mode } = await stat(path);
    await using file = await open(path, 'r');
    const buffer = new Uint8Array(MAX_SECRET_BYTES);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
      length += bytesRead;
      if (bytesRead === 0 || buffer.subarray(0, length).includes(0x0a))
        return [buffer.subarray(0, length), regular(mode)];
    }
  } catch (cause) {
    throw new CliFault('file-unreadable', `${path} cannot be read`, { cause });
  }
}

/** Permission bits of a regular file; pipes and terminals have none that matter. */
function regular(mode: number): number {
  return (mode & 0o170000) === 0o100000 ? mode & 0o777 : 0;
}

const MAX_SECRET_BYTES = 4096;
