import type { ContactView, ProfileView } from '@sotto/keybox';
import { useQuery } from '@tanstack/react-query';
import { BadgeCheck } from 'lucide-react';
import { type JSX, useEffect, useState } from 'react';
import { useVaults } from '../../app/vaults.tsx';
import { Address } from '../../kit/address.tsx';
import { Avatar } from '../../kit/avatar.tsx';
import { Badge } from '../../kit/badge.tsx';
import { useText } from '../../text/language.tsx';
import styles from './person.module.css';
import { text } from './text.ts';

/** Picture, address, and what they say of themselves: the name never without the address. */
export function PersonHead({ contact }: { readonly contact: ContactView }): JSX.Element {
  const words = useText(text);
  const { address, name, state, verified } = contact;
  const profile = useProfile(contact);
  return (
    <div className={styles['head']}>
      <Portrait name={name ?? address} picture={profile?.picture ?? null} />
      <div className={styles['facts']}>
        {name !== null && <Address value={address} className={styles['address']} />}
        <span className={styles['badges']}>
          {verified ? (
            <Badge tone="good">
              <BadgeCheck aria-hidden="true" /> {words.verified}
            </Badge>
          ) : (
            <Badge tone="warning">{words.notVerified}</Badge>
          )}
          <Badge tone={state === 'blocked' ? 'danger' : 'plain'}>{words.state[state]}</Badge>
        </span>
        {profile !== null && profile.title !== '' && <bdi>{profile.title}</bdi>}
        {profile !== null && profile.phone !== '' && (
          <span>
            {words.phone}: <bdi dir="ltr">{profile.phone}</bdi>
          </span>
        )}
        {profile === null && state === 'mutual' && <span className={styles['soft']}>{words.noProfile}</span>}
      </div>
    </div>
  );
}

/** Null while it is not known, and for who shows none. */
function useProfile({ address, state }: ContactView): ProfileView | null {
  const { box } = useVaults();
  const { data } = useQuery({
    queryKey: ['profile', address],
    queryFn: () => box.profile.show(address),
    enabled: state === 'mutual',
  });
  return data ?? null;
}

function Portrait({ name, picture }: { readonly name: string; readonly picture: Uint8Array | null }): JSX.Element {
  const url = usePictureUrl(picture);
  return url === null ? <Avatar name={name} size="l" /> : <img className={styles['portrait']} src={url} alt="" />;
}

function usePictureUrl(picture: Uint8Array | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (picture === null) return;
    const made = URL.createObjectURL(
      new Blob([picture as BlobPart], { type: picture[0] === 0x89 ? 'image/png' : 'image/jpeg' }),
    );
    setUrl(made);
    return () => {
      setUrl(null);
      URL.revokeObjectURL(made);
    };
  }, [picture]);
  return url;
}
