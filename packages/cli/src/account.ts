import { KeyBox, KeyboxUsageFault } from '@sotto/keybox';
import { openProfile } from '@sotto/keybox-node';
import type { Run } from './command.ts';
import { Hints, type Waiting } from './hints.ts';
import { profileDirectory } from './profile.ts';
import { type Opened, prepareUnlock } from './unlock.ts';

/**
 * What a command wants of the server. `needed`: fails if it is out of reach. `wanted`: goes on with what is here, says
 * so, and ends with the fault if the server was refused. `tried`: the same, for what can wait in the outbox. `unused`:
 * does not ask it.
 */
export type ServerUse = 'needed' | 'wanted' | 'tried' | 'unused';

/** Opens the account, brings it up to date (which sends what is queued), works, and closes it. */
export async function withAccount(
  run: Run,
  server: ServerUse,
  work: (box: KeyBox, opened: Opened) => Promise<void>,
): Promise<void> {
  const account = await openAccount(run);
  try {
    await account.locked(async (box) => {
      const refused = server === 'unused' ? null : await bringUpToDate(run, box, server);
      await work(box, account.opened);
      if (refused !== null) throw refused;
    });
  } finally {
    await account.close();
  }
}

/** An unlocked account whose profile is locked while something works on it. */
export interface OpenAccount {
  readonly opened: Opened;
  /** Runs with the lock of the profile held, and keeps it. */
  locked<Result>(work: (box: KeyBox) => Promise<Result>): Promise<Result>;
  /** Lets other commands use the profile until `locked` is called again. */
  release(): void;
  /** Resolves at a hint of the server since the last call, at the signal, or when the time is over. */
  wait(options: Waiting): Promise<void>;
  close(): Promise<void>;
}

/** Throws `no-account`, `locked`, `wrong-passphrase`, `vault-busy`, `vault-needs-server`. */
export async function openAccount(run: Run): Promise<OpenAccount> {
  const profile = openProfile(profileDirectory(run.world.env));
  const unlocking = await prepareUnlock(run, profile);
  let lock: Disposable | null = await profile.lock();
  let opened: Opened;
  try {
    opened = await unlocking();
  } catch (cause) {
    lock[Symbol.dispose]();
    throw cause;
  }
  const release = (): void => {
    lock?.[Symbol.dispose]();
    lock = null;
  };
  const hints = new Hints(opened.session);
  return {
    opened,
    async locked(work) {
      lock ??= await profile.lock();
      // A fresh one each time: what another command changed meanwhile must not be missed.
      return work(new KeyBox(opened.session));
    },
    release,
    wait: (options) => hints.wait(options),
    async close() {
      try {
        await opened.session.close();
      } finally {
        release();
      }
    },
  };
}

async function bringUpToDate({ output }: Run, box: KeyBox, server: ServerUse): Promise<unknown> {
  try {
    const { online, faults } = await box.sync();
    for (const { code, message } of faults) output.note(`Not up to date: ${message} [${code}]`);
    if (online) return null;
  } catch (cause) {
    if (server === 'needed') throw cause;
    return cause;
  }
  if (server === 'needed') throw new KeyboxUsageFault('unreachable', 'the server is out of reach');
  if (server === 'wanted') output.note('The server is out of reach: this is what was known before.');
  return null;
}
