import { useQuery } from '@tanstack/react-query';
import { KeyRound, LogIn, Smartphone } from 'lucide-react';
import type { JSX } from 'react';
import { useVaultState, useVaults } from '../../app/vaults.tsx';
import { useText } from '../../text/language.tsx';
import { GatePage } from '../gate/gate-page.tsx';
import { Protection } from '../gate/protection.tsx';
import { type Way, Ways } from '../gate/ways.tsx';
import { Accounts } from './accounts.tsx';
import { DeletedAccounts } from './deleted-accounts.tsx';
import { InvitationField } from './invitation-field.tsx';
import { Server } from './server.tsx';
import { text } from './text.ts';
import styles from './welcome.module.css';

/** The first thing that anybody sees: whom they are with, their accounts here, and the ways in. */
export function Welcome(): JSX.Element {
  const words = useText(text);
  const state = useVaultState();
  const accounts = state.kind === 'locked' || state.kind === 'open' ? state.accounts : [];
  const open = state.kind === 'open' ? state.address : null;
  const ways: readonly Way[] = [
    { to: '/sign-in', Icon: LogIn, ...words.signIn },
    { to: '/link', Icon: Smartphone, ...words.link },
    { to: '/recover', Icon: KeyRound, ...words.recover },
  ];
  const { gate } = useVaults();
  const { data: unfinished = [] } = useQuery({ queryKey: ['gate', 'unfinished'], queryFn: () => gate.unfinished() });
  const isKnown = accounts.length > 0 || unfinished.length > 0 || open !== null;
  return (
    <GatePage
      title={isKnown ? words.back : words.title}
      lead={isKnown ? undefined : words.lead}
      aside={isKnown ? undefined : <Protection />}
    >
      <DeletedAccounts accounts={accounts} />
      {isKnown && <Accounts accounts={accounts} unfinished={unfinished} open={open} />}
      <section className={styles['part']} aria-labelledby="invited">
        <h2 id="invited">{words.invited.title}</h2>
        <InvitationField />
      </section>
      <section className={styles['part']} aria-labelledby="known">
        <h2 id="known">{isKnown ? words.another : words.known}</h2>
        <Ways label={isKnown ? words.another : words.known} ways={ways} />
      </section>
      <Server />
    </GatePage>
  );
}
