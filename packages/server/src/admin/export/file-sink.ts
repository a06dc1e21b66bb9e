import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { ServerUsageFault } from '../../fault.ts';
import { type AuditSink, auditLine } from './sink.ts';

/**
 * A file of JSON lines, mode 0600, appended to and synced. Its own last line says how far it got, so that a crash at any
 * point neither loses nor doubles an entry; a line that was torn is cut off. `hashOf` gives the log's hash after an entry.
 * Throws `audit-log-unusable` for a file that cannot be written or tells of another log.
 */
export async function openFileSink(path: string, hashOf: (n: number) => Promise<string | null>): Promise<AuditSink> {
  const file = await open(path, 'a+', 0o600).catch((cause: unknown) => {
    throw new ServerUsageFault('audit-log-unusable', `the audit log ${path} cannot be opened`, { cause });
  });
  let next: number;
  try {
    const last = await lastLine(file);
    if (last !== null && (await hashOf(last.n)) !== last.hash) throw foreign(path);
    next = last === null ? 0 : last.n + 1;
  } catch (cause) {
    await file.close();
    throw cause instanceof ServerUsageFault ? cause : foreign(path, cause);
  }
  return {
    name: path,
    next: async () => next,
    async write(entries) {
      const { size } = await file.stat();
      try {
        await file.appendFile(entries.map((each) => `${auditLine(each)}\n`).join(''));
        await file.datasync();
      } catch (cause) {
        // What was written in part is taken back, so that the next attempt begins on a new line.
        await file.truncate(size);
        throw cause;
      }
      next += entries.length;
    },
    close: () => file.close(),
  };
}

/** The last whole line; what stands behind it is cut off. Null for a file without one. */
async function lastLine(file: FileHandle): Promise<{ readonly n: number; readonly hash: string } | null> {
  const { size } = await file.stat();
  const start = Math.max(0, size - MAX_LINE_BYTES * 2);
  const tail = Buffer.alloc(size - start);
  await file.read(tail, 0, tail.length, start);
  const end = tail.lastIndexOf(0x0a) + 1;
  if (start + end < size) await file.truncate(start + end);
  if (end === 0) return null;
  const begin = tail.subarray(0, end - 1).lastIndexOf(0x0a) + 1;
  return line.parse(JSON.parse(tail.subarray(begin, end).toString('utf8')));
}

function foreign(path: string, cause?: unknown): ServerUsageFault {
  return new ServerUsageFault('audit-log-unusable', `${path} does not go on with this server's audit log`, { cause });
}

const line = z.object({ n: z.int().nonnegative(), hash: z.string() });
const MAX_LINE_BYTES = 8192;
