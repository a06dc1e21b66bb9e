import { useNavigate } from '@tanstack/react-router';
import { type JSX, useState } from 'react';
import { useRead } from '../../app/queries.ts';
import { RadioGroup } from '../../kit/choice.tsx';
import { Page } from '../../kit/page.tsx';
import { useText } from '../../text/language.tsx';
import { DirectForm } from './direct-form.tsx';
import { RoomForm } from './room-form.tsx';
import { text } from './text.ts';

/** Makes a room, or opens the conversation with one contact. */
export function NewRoom(): JSX.Element {
  const words = useText(text);
  const navigate = useNavigate();
  const [type, setType] = useState<'room' | 'direct'>('room');
  const contacts = useRead(['contacts'], ({ box }) => box.listContacts()).filter(({ state }) => state === 'mutual');
  const open = (id: string): void => void navigate({ to: '/rooms/$room', params: { room: id } });
  return (
    <Page title={words.title} lead={words.lead} back="/rooms">
      <RadioGroup
        label={words.type}
        value={type}
        onChange={(next) => setType(next)}
        options={[
          { value: 'room', label: words.room, hint: words.roomHint },
          { value: 'direct', label: words.direct, hint: words.directHint },
        ]}
      />
      {type === 'room' ? (
        <RoomForm contacts={contacts} onMade={open} />
      ) : (
        <DirectForm contacts={contacts} onOpened={open} />
      )}
    </Page>
  );
}
