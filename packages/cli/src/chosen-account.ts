import { KeyboxUsageFault } from '@sotto/keybox';
import type { Profile } from '@sotto/keybox-node';
import { type Address, parseAddress } from '@sotto/protocol';
import type { Run } from './command.ts';

/**
 * The account that is named, else the profile's current one, else the only one: a sign-up may be cut off before it says
 * which is current. Throws `no-account`, `address-malformed`.
 */
export function chosenAccount({ common, world }: Run, profile: Profile): Address {
  const named = common.account ?? world.env['SOTTO_ACCOUNT'];
  const address = named ? parseAddress(named) : (profile.current() ?? onlyAccount(profile));
  if (address === null) throw new KeyboxUsageFault('no-account', `there is no account in ${profile.directory}`);
  return address;
}

function onlyAccount(profile: Profile): Address | null {
  const [first, ...others] = profile.accounts();
  return first === undefined || others.length > 0 ? null : first;
}
