import { type JSX, useState } from 'react';
import { useAct, useAsked } from '../../app/asked.ts';
import { useRead } from '../../app/queries.ts';
import { useOpenVault, useVaults } from '../../app/vaults.tsx';
import { Button } from '../../kit/button.tsx';
import { Checkbox } from '../../kit/choice.tsx';
import { Copyable } from '../../kit/copyable.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { PassphraseField } from '../../kit/field.tsx';
import { Page } from '../../kit/page.tsx';
import { PassphraseMeter } from '../../kit/passphrase-meter.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './passphrase-text.ts';
import styles from './security.module.css';

/** Replaces the passphrase of the account. */
export function Passphrase(): JSX.Element {
  const words = useText(text);
  const { gate } = useVaults();
  const { address } = useOpenVault();
  const { passphraseLength, roaming: rule } = useRead(['policy'], ({ box }) => box.policy.state()).inForce;
  const devices = useAsked('devices', ({ box }) => box.devices.list());
  const hasRoaming = devices.some(({ kind, state }) => kind === 'roaming' && state === 'active');
  const [roaming, setRoaming] = useState(hasRoaming && rule !== 'forbidden');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const change = useAct(
    ({ box }, next: string) => box.devices.changePassphrase({ passphrase: next, roaming: roaming ? 'on' : 'off' }),
    {
      said: words.done,
      after: () => {
        setPassphrase('');
        setAgain('');
        setSuggested(null);
      },
    },
  );
  const isReady = passphrase.length >= passphraseLength && passphrase === again;
  const [suggested, setSuggested] = useState<string | null>(null);
  const suggest = async (): Promise<void> => {
    const next = await gate.generatePassphrase();
    setSuggested(next);
    setPassphrase(next);
    setAgain('');
  };
  return (
    <Page title={words.title} lead={words.lead} back="/security/{-$part}">
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady && !change.isPending) change.mutate(passphrase);
        }}
      >
        <input type="hidden" name="username" autoComplete="username" value={address} readOnly />
        <PassphraseField
          label={words.next}
          value={passphrase}
          onChange={setPassphrase}
          autoComplete="new-password"
          hint={words.rule(passphraseLength)}
        />
        <PassphraseMeter passphrase={passphrase} about={[address]} />
        <Button onPress={() => void suggest()}>{words.suggest}</Button>
        {suggested !== null && suggested === passphrase && <Copyable label={words.next} value={suggested} />}
        <PassphraseField
          label={words.again}
          value={again}
          onChange={setAgain}
          autoComplete="new-password"
          error={again !== '' && again !== passphrase ? words.differ : undefined}
        />
        <Checkbox
          label={words.roaming}
          hint={rule === 'forbidden' ? words.roamingForbidden : words.roamingHint}
          isSelected={roaming}
          isDisabled={rule === 'forbidden'}
          onChange={setRoaming}
        />
        {change.error !== null && <FaultNotice fault={change.error} />}
        <Button type="submit" kind="primary" isDisabled={!isReady} isPending={change.isPending}>
          {words.change}
        </Button>
      </form>
    </Page>
  );
}
