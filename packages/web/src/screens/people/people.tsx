import { Link, useLocation } from '@tanstack/react-router';
import { IdCard, UserPlus } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useRead } from '../../app/queries.ts';
import { Illustration } from '../../design/illustration.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { ListBeside } from '../../kit/list-beside.tsx';
import { useText } from '../../text/language.tsx';
import { ContactList } from './contact-list.tsx';
import { Requests } from './requests.tsx';
import { text } from './text.ts';

/** Contacts and requests, beside the person who is open. */
export function People(): JSX.Element {
  const words = useText(text);
  const contacts = useRead(['contacts'], ({ box }) => box.listContacts());
  const { pathname } = useLocation();
  const [sought, setSought] = useState('');
  const waiting = contacts.filter(({ state }) => state === 'incoming');
  return (
    <ListBeside
      title={words.title}
      tools={[
        { to: '/people/card', label: words.ownCard, Icon: IdCard },
        { to: '/people/add', label: words.add, Icon: UserPlus },
      ]}
      filter={contacts.length > FEW ? { label: words.find, typed: sought, onTyped: setSought } : null}
      isOpen={pathname !== '/people'}
    >
      {waiting.length > 0 && <Requests requests={waiting} />}
      <ContactList contacts={contacts.filter(({ state }) => state !== 'incoming')} sought={sought} />
      {contacts.length === 0 && (
        <EmptyState
          picture={<Illustration name="people" />}
          title={words.empty.title}
          actions={<Link to="/people/add">{words.add}</Link>}
        >
          {words.empty.what}
        </EmptyState>
      )}
    </ListBeside>
  );
}

/** Beside the list while nobody is open. */
export function NobodyOpen(): JSX.Element {
  const words = useText(text);
  return (
    <EmptyState picture={<Illustration name="compare" />} title={words.pick.title}>
      {words.pick.what}
    </EmptyState>
  );
}

/** So many are seen at a glance. */
const FEW = 8;
