import type { MemberView, RoomView } from '@sotto/keybox';
import { UserPlus } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { useRead } from '../../app/queries.ts';
import { Button } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { Section } from '../../kit/page.tsx';
import { ComboBox, Select } from '../../kit/select.tsx';
import { useText } from '../../text/language.tsx';
import styles from './members.module.css';
import { type Role, rolesToGive } from './rights.ts';
import { text } from './text.ts';

type Address = MemberView['address'];

/** Adds a contact who is not in the room, with a role. */
export function AddMember({
  room,
  members,
}: {
  readonly room: RoomView;
  readonly members: readonly MemberView[];
}): JSX.Element {
  const all = useText(text);
  const words = all.add;
  const [chosen, setChosen] = useState<Address | null>(null);
  const [role, setRole] = useState<Role>('member');
  const present = new Set(members.map(({ address }) => address));
  const contacts = useRead(['contacts'], ({ box }) => box.listContacts());
  const absent = contacts.filter(({ address, state }) => state === 'mutual' && !present.has(address));
  const add = useAct(({ box }, address: Address) => box.addMember(room.id, address, role), {
    after: () => setChosen(null),
    said: words.added(chosen ?? ''),
  });
  return (
    <Section title={words.title} lead={room.history === 'all' ? words.all : words.join}>
      {absent.length === 0 && <p className={styles['soft']}>{words.none}</p>}
      {absent.length > 0 && (
        <form
          className={styles['add']}
          onSubmit={(event) => {
            event.preventDefault();
            if (chosen !== null) add.mutate(chosen);
          }}
        >
          <ComboBox
            key={members.length}
            label={words.who}
            value={chosen}
            placeholder={words.find}
            options={absent.map(({ address, name }) => ({
              value: address,
              label: name === null ? address : `${name} · ${address}`,
            }))}
            onChange={(next) => setChosen(next)}
          />
          <Select
            label={all.role}
            value={role}
            options={rolesToGive(room.role ?? 'reader').map((value) => ({
              value,
              label: all.roles[value],
              hint: all.roleHints[value],
            }))}
            onChange={(next) => setRole(next)}
          />
          <Button
            type="submit"
            kind="primary"
            icon={<UserPlus />}
            isDisabled={chosen === null}
            isPending={add.isPending}
          >
            {words.do}
          </Button>
        </form>
      )}
      {add.error !== null && <FaultNotice fault={add.error} />}
    </Section>
  );
}
