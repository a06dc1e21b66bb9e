import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { type JSX, useState } from 'react';
import { Loading } from '../../app/loading.tsx';
import { useVaults } from '../../app/vaults.tsx';
import { useText } from '../../text/language.tsx';
import { GateFault } from '../gate/gate-fault.tsx';
import { GatePage } from '../gate/gate-page.tsx';
import { type InvitationLinkParts, linkText, parseCarried } from '../gate/invitation-link.ts';
import { Redirect } from '../gate/redirect.tsx';
import { NewAccountForm } from './new-account-form.tsx';
import { text } from './text.ts';

/** Makes an account with an invitation, or goes on with one that broke off. */
export function Create(): JSX.Element {
  const { hash } = useLocation();
  // It is gone from the address as soon as the way leads on.
  const [link] = useState(() => parseCarried(hash));
  if (link === null) return <Redirect to="/welcome" />;
  return <Invited link={link} />;
}

function Invited({ link }: { readonly link: InvitationLinkParts }): JSX.Element {
  const words = useText(text);
  const { gate } = useVaults();
  const invitation = linkText(link);
  const { data, error } = useQuery({
    queryKey: ['gate', 'invitation', invitation],
    queryFn: () => gate.invitation(invitation),
    retry: false,
  });
  if (data !== undefined) return <NewAccountForm invitation={invitation} domain={data.domain} />;
  if (error === null) return <Loading />;
  return (
    <GatePage title={words.title} back="/welcome">
      <GateFault fault={error} />
    </GatePage>
  );
}
