import type { ContactView } from '@sotto/keybox';
import { type JSX, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { Button } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { ComboBox } from '../../kit/select.tsx';
import { useText } from '../../text/language.tsx';
import styles from './new-room.module.css';
import { text } from './text.ts';

type Address = ContactView['address'];

/** Picks the one contact to talk with. */
export function DirectForm({
  contacts,
  onOpened,
}: {
  readonly contacts: readonly ContactView[];
  onOpened(room: string): void;
}): JSX.Element {
  const words = useText(text);
  const [chosen, setChosen] = useState<Address | null>(null);
  const open = useAct(({ box }, address: Address) => box.directRoom(address), { after: ({ id }) => onOpened(id) });
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen !== null) open.mutate(chosen);
      }}
    >
      <ComboBox
        label={words.with}
        value={chosen}
        placeholder={words.find}
        options={contacts.map(({ address, name }) => ({
          value: address,
          label: name === null ? address : `${name} · ${address}`,
        }))}
        onChange={(next) => setChosen(next)}
      />
      {contacts.length === 0 && <p>{words.nobody}</p>}
      {open.error !== null && <FaultNotice fault={open.error} />}
      <Button type="submit" kind="primary" isDisabled={chosen === null} isPending={open.isPending}>
        {words.open}
      </Button>
    </form>
  );
}
