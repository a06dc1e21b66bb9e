import { type JSX, useState } from 'react';
import { Button } from '../../kit/button.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { TextField } from '../../kit/field.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './text.ts';

/** Asks for a day to go to; gives its beginning, milliseconds since the epoch. */
export function DateDialog({ onGo, onClose }: { onGo(at: number): void; onClose(): void }): JSX.Element {
  const words = useText(text).date;
  const [day, setDay] = useState('');
  const at = new Date(`${day}T00:00`).getTime();
  return (
    <Dialog title={words.title} isOpen onClose={onClose}>
      <form
        style={{ display: 'contents' }}
        onSubmit={(event) => {
          event.preventDefault();
          if (!Number.isNaN(at)) onGo(at);
        }}
      >
        <TextField label={words.label} hint={words.hint} type="date" value={day} onChange={setDay} autoFocus />
        <Button type="submit" kind="primary" isDisabled={Number.isNaN(at)}>
          {words.action}
        </Button>
      </form>
    </Dialog>
  );
}
