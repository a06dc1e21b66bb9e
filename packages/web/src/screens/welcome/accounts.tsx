import type { AccountSummary, UnfinishedAccount } from '@sotto/keybox';
import type { Address } from '@sotto/protocol';
import type { JSX } from 'react';
import { Avatar } from '../../kit/avatar.tsx';
import { useText } from '../../text/language.tsx';
import { formatCarried, linkOf } from '../gate/invitation-link.ts';
import { type Way, Ways } from '../gate/ways.tsx';
import { text } from './text.ts';

/** The accounts of this browser: the open one leads on, others to their passphrase, unfinished ones to where they were. */
export function Accounts({
  accounts,
  unfinished,
  open,
}: {
  readonly accounts: readonly AccountSummary[];
  readonly unfinished: readonly UnfinishedAccount[];
  readonly open: Address | null;
}): JSX.Element {
  const words = useText(text);
  const addresses = accounts.map(({ address }) => address);
  const all = open === null || addresses.includes(open) ? addresses : [open, ...addresses];
  const ways = all.map((address): Way => {
    const device = accounts.find((each) => each.address === address)?.device;
    const shown = { picture: <Avatar name={address} />, title: <bdi>{address}</bdi> };
    if (address === open) return { to: '/rooms', ...shown, detail: words.open };
    return { to: '/unlock', search: { account: address }, ...shown, detail: words.locked(device ?? '') };
  });
  const begun = unfinished.map(({ address, invitation }): Way => {
    const shown = { picture: <Avatar name={address} />, title: <bdi>{address}</bdi>, search: { account: address } };
    const link = invitation === null ? null : linkOf(invitation);
    if (link === null) return { to: '/sign-in', ...shown, detail: words.begunDevice };
    return { to: '/create', ...shown, hash: formatCarried(link), detail: words.begunAccount };
  });
  return <Ways label={words.accounts} ways={[...ways, ...begun]} />;
}
