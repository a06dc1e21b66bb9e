import type { ContactView } from '@sotto/keybox';
import { type JSX, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { Button } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { TextBox } from '../../kit/field.tsx';
import { Section } from '../../kit/page.tsx';
import { useText } from '../../text/language.tsx';
import styles from './person.module.css';
import { text } from './text.ts';

/** What one wrote down about somebody for oneself. */
export function Note({ contact: { address, note } }: { readonly contact: ContactView }): JSX.Element {
  const words = useText(text).note;
  const [written, setWritten] = useState<string | null>(null);
  const shown = written ?? note;
  const save = useAct(({ box }, content: string) => box.noteContact(address, content), {
    said: words.saved,
    after: () => setWritten(null),
  });
  return (
    <Section title={words.title} lead={words.lead}>
      <form
        className={styles['note']}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(shown);
        }}
      >
        <TextBox label={words.label} value={shown} onChange={setWritten} rows={2} maxLength={MAX_NOTE} />
        <Button type="submit" isDisabled={shown === note} isPending={save.isPending}>
          {words.save}
        </Button>
      </form>
      {save.error !== null && <FaultNotice fault={save.error} />}
    </Section>
  );
}

const MAX_NOTE = 1000;
