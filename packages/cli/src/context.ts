import type { Readable, Writable } from 'node:stream';
import type { Application, CommandContext } from '@stricli/core';
import type { ExitCode } from './outcome.ts';

/** What the process lends to a command. */
export interface World {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the process is asked to end. */
  readonly stopped: () => AbortSignal;
}

/** The context of the command that the line names. */
export interface CliContext extends CommandContext {
  readonly world: World;
  /** The whole tree of commands, for those that describe it. */
  readonly application: Application<CliContext>;
  /** Says how the command ended; without it, well. */
  end(exit: ExitCode): void;
}
