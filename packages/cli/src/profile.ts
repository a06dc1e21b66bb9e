import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CommonFlags } from './command.ts';
import { CliFault } from './fault.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The profile's folder: SOTTO_HOME, else `sotto` in the XDG data folder. */
export function profileDirectory(env: Env): string {
  const named = env['SOTTO_HOME'];
  if (named) return resolve(named);
  const data = env['XDG_DATA_HOME'];
  return join(data?.startsWith('/') ? data : join(env['HOME'] || homedir(), '.local', 'share'), 'sotto');
}

/** Modules of third-party suites: those of the command line, else those of SOTTO_SUITE_MODULE, separated by colons. */
export function suiteModules({ suiteModule }: CommonFlags, env: Env): readonly string[] {
  if (suiteModule !== undefined) return suiteModule;
  return (env['SOTTO_SUITE_MODULE'] ?? '').split(':').filter((path) => path !== '');
}

/** File of the account's passphrase, if one is named. */
export function passphraseFile({ passphraseFile }: CommonFlags, env: Env): string | undefined {
  return passphraseFile ?? (env['SOTTO_PASSPHRASE_FILE'] || undefined);
}

/** File of the vault's second passphrase, if one is named. */
export function vaultPassphraseFile({ vaultPassphraseFile }: CommonFlags, env: Env): string | undefined {
  return vaultPassphraseFile ?? (env['SOTTO_VAULT_PASSPHRASE_FILE'] || undefined);
}

/** Throws `usage` for an empty name or one with more than 256 bytes. */
export function checkName(name: string): string {
  const bytes = new TextEncoder().encode(name).length;
  if (name.trim() === '') throw new CliFault('usage', 'a name has at least one character');
  if (bytes > 256) throw new CliFault('usage', `a name has at most 256 bytes, not ${bytes}`);
  return name;
}
