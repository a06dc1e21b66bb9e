import type { ContactView } from '@sotto/keybox';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { UserPlus } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { Button } from '../../kit/button.tsx';
import { CodeScanner } from '../../kit/code-scanner.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { TextBox } from '../../kit/field.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { say } from '../../kit/toasts.ts';
import { useText } from '../../text/language.tsx';
import styles from './add-contact.module.css';
import { text } from './text.ts';

/** Asks somebody to be a contact: by address, card link, vCard or QR code. */
export function AddContact(): JSX.Element {
  const words = useText(text);
  const navigate = useNavigate();
  const { pathname, hash } = useLocation();
  const [card, setCard] = useState(() => (hash === '' ? '' : `${location.origin}${pathname}#${hash}`));
  const add = useAct(
    async ({ box }, pasted: string): Promise<ContactView> => {
      const { address, fingerprint } = await box.people.readCard(pasted);
      return box.addContact(address, fingerprint === null ? {} : { expected: fingerprint });
    },
    {
      after: ({ address, state }) => {
        say(state === 'mutual' ? words.already(address) : words.asked(address));
        void navigate({ to: '/people/$address', params: { address } });
      },
    },
  );
  return (
    <Page title={words.title} lead={words.lead} back="/people">
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          if (card.trim() !== '') add.mutate(card);
        }}
      >
        <TextBox label={words.label} hint={words.hint} value={card} onChange={setCard} autoComplete="off" autoFocus />
        {hash !== '' && <p>{words.fromLink}</p>}
        {add.error !== null && <FaultNotice fault={add.error} />}
        <Button
          type="submit"
          kind="primary"
          icon={<UserPlus />}
          isDisabled={card.trim() === ''}
          isPending={add.isPending}
        >
          {words.ask}
        </Button>
      </form>
      <Section title={words.scan} lead={words.scanLead}>
        <CodeScanner label={words.paste} isPending={add.isPending} onCode={(code) => add.mutate(code)} />
      </Section>
      <Section title={words.other} lead={words.otherLead}>
        <Link to="/people/card">{words.card}</Link>
      </Section>
    </Page>
  );
}
