import { appendFileSync, chmodSync, renameSync, statSync } from 'node:fs';
import type { Clock } from '@sotto/keybox';

/** What the agent does, one line an event: times, events and codes, nothing of content and no secret. */
export interface AgentLog {
  write(event: string, cause?: unknown): void;
}

/** A file for its owner alone; the one before it is kept as `.1`, both within 1 MiB. */
export function fileLog(path: string, clock: Clock): AgentLog {
  return {
    write(event, cause) {
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_BYTES) renameSync(path, `${path}.1`);
      appendFileSync(path, `${new Date(clock.now()).toISOString()} ${event}${told(cause)}\n`, { mode: 0o600 });
      chmodSync(path, 0o600);
    },
  };
}

/** Messages may name paths and people, and quote what was read: code, kind and place are enough for a log. */
function told(cause: unknown): string {
  if (cause === undefined) return '';
  if (!(cause instanceof Error)) return ' [bug]';
  if ('blame' in cause && cause.blame !== 'bug' && 'code' in cause) return ` [${cause.code}]`;
  const frames = cause.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return ` [bug] ${[cause.name, ...frames.map((frame) => frame.trim())].join(' | ')}`;
}

const MAX_LOG_BYTES = 512 * 1024;
