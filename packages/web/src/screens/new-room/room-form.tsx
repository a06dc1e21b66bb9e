import type { ContactView, RoomView } from '@sotto/keybox';
import { type JSX, useState } from 'react';
import { Button } from '../../kit/button.tsx';
import { RadioGroup } from '../../kit/choice.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { TextField } from '../../kit/field.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import { useMakeRoom } from './make-room.ts';
import { MemberPicker } from './member-picker.tsx';
import styles from './new-room.module.css';
import { text } from './text.ts';

/** Name, members, what newcomers read and how it is sealed. */
export function RoomForm({
  contacts,
  onMade,
}: {
  readonly contacts: readonly ContactView[];
  onMade(room: string): void;
}): JSX.Element {
  const words = useText(text);
  const [name, setName] = useState('');
  const [isNameMissing, setNameMissing] = useState(false);
  const [members, setMembers] = useState<ReadonlySet<ContactView['address']>>(new Set());
  const [history, setHistory] = useState<RoomView['history']>('all');
  const [keying, setKeying] = useState<RoomView['keying']>('era');
  const { make, adding, missing } = useMakeRoom(onMade);
  if (missing !== null) return <Missing missing={missing} onGoOn={onMade} />;
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        setNameMissing(name.trim() === '');
        if (name.trim() !== '') make.mutate({ name: name.trim(), members: [...members], history, keying });
      }}
    >
      <TextField
        label={words.name}
        hint={words.nameHint}
        error={isNameMissing && name.trim() === '' ? words.nameMissing : undefined}
        value={name}
        onChange={setName}
        maxLength={MAX_NAME}
        autoComplete="off"
      />
      <MemberPicker contacts={contacts} chosen={members} onChange={setMembers} />
      <RadioGroup
        label={words.history}
        value={keying === 'per-message' ? 'from-join' : history}
        isDisabled={keying === 'per-message'}
        onChange={(next) => setHistory(next)}
        options={[
          { value: 'all', label: words.historyAll, hint: words.historyAllHint },
          { value: 'from-join', label: words.historyJoin, hint: words.historyJoinHint },
        ]}
      />
      <RadioGroup
        label={words.sealing}
        value={keying}
        onChange={(next) => setKeying(next)}
        options={[
          { value: 'era', label: words.era, hint: words.eraHint },
          { value: 'per-message', label: words.perMessage, hint: words.perMessageHint },
        ]}
      />
      {make.error !== null && <FaultNotice fault={make.error} />}
      <Button type="submit" kind="primary" isPending={make.isPending}>
        {words.create}
      </Button>
      <p role="status">{adding === null ? '' : words.adding(adding)}</p>
    </form>
  );
}

/** The room is made, and some could not be added: each with the reason. */
function Missing({
  missing: { room, faults },
  onGoOn,
}: {
  readonly missing: NonNullable<ReturnType<typeof useMakeRoom>['missing']>;
  onGoOn(room: string): void;
}): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  return (
    <div className={styles['form']}>
      <Notice tone="warning" title={words.missing(faults.length.toLocaleString(format))} isAnswer>
        <p>{words.missingWhat}</p>
      </Notice>
      {faults.map(({ address, fault }) => (
        <section key={address} className={styles['form']}>
          <h2>
            <bdi>{address}</bdi>
          </h2>
          <FaultNotice fault={fault} />
        </section>
      ))}
      <Button kind="primary" onPress={() => onGoOn(room)}>
        {words.goOn}
      </Button>
    </div>
  );
}

/** Characters; four bytes each stay below what a name may have. */
const MAX_NAME = 60;
