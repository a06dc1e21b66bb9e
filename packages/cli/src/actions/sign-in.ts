import { signInAccount } from '@sotto/keybox';
import { parseAddress } from '@sotto/protocol';
import type { Run } from '../command.ts';
import type { SignInFlags } from '../routes/enrol.ts';
import { makeDevice } from './new-device.ts';
import { readRecoveryKey } from './recovery-key.ts';

/** Makes this machine a device of an account by its passphrase. */
export async function signIn(run: Run, flags: SignInFlags, word: string): Promise<void> {
  const address = parseAddress(word);
  const file = flags.recoveryKeyFile;
  const recoveryKey = file === undefined ? undefined : await readRecoveryKey(run, file);
  await makeDevice(run, {
    address,
    flags,
    enrol: (platform, storage, options) => signInAccount(platform, storage, { ...options, address, recoveryKey }),
  });
}
