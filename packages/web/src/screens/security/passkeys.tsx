import { hex } from '@sotto/bytes';
import type { PasskeyView } from '@sotto/keybox';
import { Fingerprint } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { canUsePasskeys, makePasskey } from '../../app/passkey.ts';
import { useRead } from '../../app/queries.ts';
import { useOpenVault } from '../../app/vaults.tsx';
import { Button } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { TextField } from '../../kit/field.tsx';
import { List, ListRow } from '../../kit/list-row.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Time } from '../../kit/time.tsx';
import { say } from '../../kit/toasts.ts';
import { useText } from '../../text/language.tsx';
import { text } from './passkeys-text.ts';
import styles from './security.module.css';

/** What opens the vault of this browser beside the passphrase. */
export function Passkeys(): JSX.Element {
  const words = useText(text);
  const { address, temporary } = useOpenVault();
  const obstacle = temporary ? words.temporary : canUsePasskeys() ? null : words.impossible;
  const passkeys = useRead(['passkeys', address], async ({ gate }) => (temporary ? [] : gate.passkeys(address)));
  return (
    <Page title={words.title} lead={words.lead} back="/security/{-$part}">
      {obstacle === null ? <AddPasskey /> : <Notice title={obstacle} />}
      <Section title={words.list} lead={passkeys.length === 0 ? words.none : undefined}>
        {passkeys.length > 0 && (
          <List label={words.list}>
            {passkeys.map((passkey) => (
              <Row key={hex(passkey.credentialId)} passkey={passkey} />
            ))}
          </List>
        )}
      </Section>
    </Page>
  );
}

function AddPasskey(): JSX.Element {
  const words = useText(text);
  const { address } = useOpenVault();
  const [name, setName] = useState('');
  const [isUnable, setUnable] = useState(false);
  const add = useAct(async ({ tools }, called: string) => {
    const made = await makePasskey(address);
    setUnable(made === null);
    if (made === null) return;
    await tools.addPasskey({ ...made, name: called });
    setName('');
    say(words.added);
  });
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '' && !add.isPending) add.mutate(name.trim());
      }}
    >
      <TextField label={words.name} value={name} onChange={setName} maxLength={60} />
      {isUnable && (
        <Notice tone="warning" title={words.unable}>
          {words.unableDetail}
        </Notice>
      )}
      {add.error !== null && <FaultNotice fault={add.error} />}
      <Button type="submit" kind="primary" isDisabled={name.trim() === ''} isPending={add.isPending}>
        {words.add}
      </Button>
    </form>
  );
}

function Row({ passkey: { credentialId, name, at } }: { readonly passkey: PasskeyView }): JSX.Element {
  const words = useText(text);
  const remove = useAct(({ tools }, id: Uint8Array) => tools.removePasskey(id), { said: words.removed });
  return (
    <ListRow
      icon={<Fingerprint aria-hidden="true" />}
      title={<bdi>{name}</bdi>}
      detail={
        <>
          {words.since} <Time at={at} />
        </>
      }
      end={
        <Button kind="quiet" isPending={remove.isPending} onPress={() => remove.mutate(credentialId)}>
          {words.remove}
        </Button>
      }
    />
  );
}
