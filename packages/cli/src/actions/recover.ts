import { checkPassphrase, KeyBox, openRecoveryKit, recoverAccount } from '@sotto/keybox';
import { nodePlatform } from '@sotto/keybox-node';
import { ProtocolPeerFault, parseAddress } from '@sotto/protocol';
import type { Run } from '../command.ts';
import { suiteModules } from '../profile.ts';
import type { RecoverFlags } from '../routes/enrol.ts';
import { makeDevice, placeOf } from './new-device.ts';
import { readRecoveryKey } from './recovery-key.ts';

/** Makes this machine a device of an account by its recovery kit, under a new passphrase. */
export async function recover(run: Run, flags: RecoverFlags, word?: string): Promise<void> {
  const { common, output, world } = run;
  const wanted = word === undefined ? null : parseAddress(word);
  using recoveryKey = await readRecoveryKey(run, flags.recoveryKeyFile);
  const platform = await nodePlatform({ suiteModules: suiteModules(common, world.env) });
  const kit = await openRecoveryKit(platform, { ...placeOf(flags), recoveryKey });
  if (wanted !== null && wanted !== kit.address) {
    throw new ProtocolPeerFault('identity-conflict', `this kit is of ${kit.address}, not of ${wanted}`);
  }
  output.note(`The kit is of ${kit.address}. Its account gets a new passphrase; nobody can reset that.`);
  await makeDevice(run, {
    address: kit.address,
    flags,
    passphrase: { name: 'New passphrase', isNew: true, check: checkPassphrase },
    enrol: (_, storage, options) => recoverAccount(platform, storage, { ...options, kit }),
    after: async (session) => {
      const others = (await new KeyBox(session).devices.list()).filter(
        ({ kind, state, current }) => kind === 'keybox' && state === 'active' && !current,
      );
      for (const { name } of others) {
        output.note(`${name} can still speak for the account. If it is lost: sotto device revoke ${name}`);
      }
    },
  });
}
