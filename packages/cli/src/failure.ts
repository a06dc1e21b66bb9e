import { Fault } from '@sotto/bytes';
import type { World } from './context.ts';
import { CliFault } from './fault.ts';
import type { ExitCode } from './outcome.ts';
import { outcomeOf } from './outcomes.ts';
import { printable, styleFor } from './terminal.ts';

/** Tells of a fault on stderr (one line of JSON with `json`) and returns the exit code that it calls for. */
export function reportFailure(world: World, cause: unknown, { json }: { readonly json: boolean }): ExitCode {
  const fault = asFault(cause);
  const { exit, hint } = outcomeOf(fault.code);
  const wait = fault.detail['retryAfterSeconds'];
  const message = wait === undefined ? fault.message : `${fault.message} (again in ${wait} s)`;
  if (json) {
    world.stderr.write(`${JSON.stringify({ code: fault.code, message, hint })}\n`);
  } else {
    const style = styleFor(world.stderr, world.env);
    const text = message.charAt(0).toUpperCase() + message.slice(1);
    world.stderr.write(`${style('red', 'Error:')} ${printable(text)} ${style('dim', `[${fault.code}]`)}\n${hint}\n`);
  }
  if (world.env['SOTTO_DEBUG'] && cause instanceof Error) world.stderr.write(`${cause.stack}\n`);
  return exit;
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly detail: Readonly<Record<string, string | number>>;
}

/** Anything but a fault is a bug; the full disk and the closed pipe of the platform are not. */
function asFault(cause: unknown): Told {
  if (cause instanceof Fault) return cause;
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT') return { code: 'disk-full', message: 'the disk is full', detail: {} };
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return new CliFault('file-unwritable', 'a file may not be read or written', { cause });
  }
  const message = cause instanceof Error ? cause.message : 'something that is no error was thrown';
  return { code: 'bug', message: `internal fault: ${message}`, detail: {} };
}
