import type { AccountSummary } from '@sotto/keybox';
import { useSearch } from '@tanstack/react-router';
import { KeyRound, UsersRound } from 'lucide-react';
import { type JSX, Suspense, useRef, useState } from 'react';
import { useDo } from '../../app/queries.ts';
import { useVaultState } from '../../app/vaults.tsx';
import { Avatar } from '../../kit/avatar.tsx';
import { Button } from '../../kit/button.tsx';
import { PassphraseField } from '../../kit/field.tsx';
import { useText } from '../../text/language.tsx';
import { useEntering } from '../gate/entering.ts';
import { GateForm } from '../gate/form.tsx';
import { codeOf, GateFault, useBackOff } from '../gate/gate-fault.tsx';
import { GatePage } from '../gate/gate-page.tsx';
import { Redirect } from '../gate/redirect.tsx';
import { clockTime } from '../gate/seconds.ts';
import { Ways } from '../gate/ways.tsx';
import { RemoveAccount } from './remove-account.tsx';
import { text } from './text.ts';
import styles from './unlock.module.css';
import { UnlockByPasskey } from './unlock-by-passkey.tsx';

/** Opens an account whose vault is in this browser. */
export function Unlock(): JSX.Element | null {
  const { account: wanted } = useSearch({ from: '/gate' });
  const state = useVaultState();
  const accounts = state.kind === 'locked' || state.kind === 'open' ? state.accounts : [];
  const account = wanted === undefined ? accounts[0] : accounts.find(({ address }) => address === wanted);
  const isOpen = state.kind === 'open' && (account === undefined || state.address === account.address);
  useEntering(isOpen);
  if (isOpen) return null;
  if (account === undefined) return <Redirect to="/welcome" />;
  return <UnlockForm key={account.address} account={account} others={accounts.length - 1} />;
}

function UnlockForm({ account, others }: { readonly account: AccountSummary; readonly others: number }): JSX.Element {
  const words = useText(text);
  const { address, device, vault, server } = account;
  const [passphrase, setPassphrase] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const unlock = useDo(({ gate }, typed: string) =>
    gate.unlock({ address, passphrase: typed, ...(vault === 'advanced' ? { vaultPassphrase: typed } : {}) }),
  );
  const wait = useBackOff(unlock.error);
  const submit = (): void => {
    if (unlock.isPending || wait > 0) return;
    if (passphrase === '') field.current?.focus();
    else unlock.mutate(passphrase, { onError: () => field.current?.select() });
  };
  const isWrong = codeOf(unlock.error) === 'wrong-passphrase';
  const ways = [
    ...(others > 0
      ? [{ to: '/welcome' as const, Icon: UsersRound, title: words.other.title, detail: words.other.detail }]
      : []),
    { to: '/recover' as const, Icon: KeyRound, title: words.forgotten.title, detail: words.forgotten.detail },
  ];
  return (
    <GatePage title={words.title} back="/welcome">
      <div className={styles['who']}>
        <Avatar name={address} size="l" />
        <p className={styles['names']}>
          <bdi className={styles['address']}>{address}</bdi>
          <span>{words.device(device, new URL(server).host)}</span>
        </p>
      </div>
      <GateForm onSubmit={submit} label={words.title}>
        <input type="hidden" name="username" autoComplete="username" value={address} readOnly />
        <PassphraseField
          label={vault === 'advanced' ? words.vaultPassphrase : words.passphrase}
          value={passphrase}
          onChange={setPassphrase}
          error={isWrong ? words.wrong : undefined}
          autoComplete="current-password"
          autoFocus
          ref={field}
        />
        {!isWrong && <GateFault fault={unlock.error} />}
        {isWrong && <p className={styles['hint']}>{words.wrongHint}</p>}
        <Button type="submit" kind="primary" wide isPending={unlock.isPending} isDisabled={wait > 0}>
          {wait > 0 ? words.wait(clockTime(wait)) : words.unlock}
        </Button>
      </GateForm>
      <Suspense>
        <UnlockByPasskey address={address} />
      </Suspense>
      <Ways label={words.ways} ways={ways} />
      <RemoveAccount address={address} />
    </GatePage>
  );
}
