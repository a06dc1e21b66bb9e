import { lockAccount as lock } from '@sotto/keybox';
import { openProfile } from '@sotto/keybox-node';
import type { Run } from '../command.ts';
import { profileDirectory } from '../profile.ts';
import { chosenAccount } from '../unlock.ts';

/** Needs no passphrase: it only forgets. */
export async function lockAccount(run: Run): Promise<void> {
  const profile = openProfile(profileDirectory(run.world.env));
  const address = chosenAccount(run, profile);
  using _ = await profile.lock();
  await lock(profile.storage(address));
  run.output.done({ address, locked: true }, () => `${address} is locked; the next command needs the server.`);
}
