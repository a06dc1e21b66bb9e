import { signInAccount } from '@sotto/keybox';
import { parseAddress, parseRecoveryKey } from '@sotto/protocol';
import type { Run } from '../command.ts';
import type { SignInFlags } from '../routes/enrol.ts';
import { readSecretFile } from '../secrets.ts';
import { makeDevice } from './new-device.ts';

/** Makes this machine a device of an account by its passphrase. */
export async function signIn(run: Run, flags: SignInFlags, word: string): Promise<void> {
  const address = parseAddress(word);
  const file = flags.recoveryKeyFile;
  const recoveryKey = file === undefined ? undefined : parseRecoveryKey(await readSecretFile(file, run.output));
  await makeDevice(run, {
    address,
    flags,
    enrol: (platform, storage, options) => signInAccount(platform, storage, { ...options, address, recoveryKey }),
  });
}
