import type { RoomView } from '@sotto/keybox';
import { RefreshCw } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { Button } from '../../kit/button.tsx';
import { RadioGroup } from '../../kit/choice.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { TextField } from '../../kit/field.tsx';
import { Section } from '../../kit/page.tsx';
import { say } from '../../kit/toasts.ts';
import { useLanguage, useText } from '../../text/language.tsx';
import styles from './members.module.css';
import { isAdmin, mayRotate, type Role } from './rights.ts';
import { text } from './text.ts';

/** Name, what newcomers read, and the era with its keys. */
export function RoomSettings({ room, role }: { readonly room: RoomView; readonly role: Role }): JSX.Element {
  const words = useText(text).room;
  const { format } = useLanguage();
  const isGroup = room.type !== 'direct';
  const setHistory = useAct(({ box }, history: RoomView['history']) => box.setHistory(room.id, history), {
    said: words.historySet,
  });
  const rotate = useAct(({ box }, id: string) => box.rotateRoom(id), {
    after: ({ era }) => say(words.rotated(era.toLocaleString(format))),
  });
  const fault = setHistory.error ?? rotate.error;
  return (
    <Section title={words.title}>
      {isGroup && isAdmin(role) && <Name room={room} />}
      {isGroup && isAdmin(role) && room.keying === 'era' && (
        <RadioGroup
          label={words.history}
          hint={words.historyHint}
          value={room.history}
          isDisabled={setHistory.isPending}
          onChange={(history) => setHistory.mutate(history)}
          options={[
            { value: 'all', label: words.historyAll },
            { value: 'from-join', label: words.historyJoin },
          ]}
        />
      )}
      <div className={styles['era']}>
        <div>
          <strong>{words.era(room.era.toLocaleString(format))}</strong>
          <p className={styles['soft']}>{words.eraWhat}</p>
        </div>
        {mayRotate(role) && (
          <Button icon={<RefreshCw />} isPending={rotate.isPending} onPress={() => rotate.mutate(room.id)}>
            {words.rotate}
          </Button>
        )}
      </div>
      {fault !== null && <FaultNotice fault={fault} />}
    </Section>
  );
}

function Name({ room }: { readonly room: RoomView }): JSX.Element {
  const words = useText(text).room;
  const [written, setWritten] = useState<string | null>(null);
  const shown = written ?? room.name;
  const rename = useAct(({ box }, name: string) => box.renameRoom(room.id, name), {
    said: words.renamed,
    after: () => setWritten(null),
  });
  const isReady = shown.trim() !== '' && shown.trim() !== room.name;
  return (
    <form
      className={styles['add']}
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) rename.mutate(shown.trim());
      }}
    >
      <TextField label={words.name} value={shown} onChange={setWritten} maxLength={MAX_NAME} autoComplete="off" />
      <Button type="submit" isDisabled={!isReady} isPending={rename.isPending}>
        {words.rename}
      </Button>
      {rename.error !== null && <FaultNotice fault={rename.error} />}
    </form>
  );
}

const MAX_NAME = 60;
