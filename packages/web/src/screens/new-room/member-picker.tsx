import type { ContactView } from '@sotto/keybox';
import { type JSX, useState } from 'react';
import { Checkbox } from '../../kit/choice.tsx';
import { TextField } from '../../kit/field.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import styles from './new-room.module.css';
import { text } from './text.ts';

type Chosen = ReadonlySet<ContactView['address']>;

/** Which contacts come in at once. */
export function MemberPicker({
  contacts,
  chosen,
  onChange,
}: {
  readonly contacts: readonly ContactView[];
  readonly chosen: Chosen;
  onChange(chosen: Chosen): void;
}): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  const [sought, setSought] = useState('');
  const part = sought.trim().toLocaleLowerCase();
  const found = contacts.filter(
    ({ address, name }) => address.includes(part) || (name ?? '').toLocaleLowerCase().includes(part),
  );
  return (
    <fieldset className={styles['picker']}>
      <legend>{words.members}</legend>
      <p className={styles['hint']}>
        {contacts.length === 0 ? words.nobody : words.membersHint}{' '}
        {chosen.size > 0 && words.chosen(chosen.size.toLocaleString(format))}
      </p>
      {contacts.length > FEW && (
        <TextField label={words.find} value={sought} onChange={setSought} type="search" autoComplete="off" />
      )}
      {found.length > 0 && (
        <div className={styles['choices']}>
          {found.map(({ address, name, verified }) => (
            <Checkbox
              key={address}
              label={<bdi>{name ?? address}</bdi>}
              hint={
                <bdi>
                  {name === null ? '' : address} {verified && `(${words.verified})`}
                </bdi>
              }
              isSelected={chosen.has(address)}
              onChange={(isChosen) => {
                const next = new Set(chosen);
                if (isChosen) next.add(address);
                else next.delete(address);
                onChange(next);
              }}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}

const FEW = 6;
