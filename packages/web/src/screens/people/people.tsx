import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { IdCard, UserPlus } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useRead } from '../../app/queries.ts';
import { Illustration } from '../../design/illustration.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { TextField } from '../../kit/field.tsx';
import { useText } from '../../text/language.tsx';
import { ContactList } from './contact-list.tsx';
import styles from './people.module.css';
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
    <div className={styles['people']} data-open={pathname !== '/people' || undefined}>
      <section className={styles['list']} aria-label={words.title}>
        <header className={styles['header']}>
          <h1>{words.title}</h1>
          <Link to="/people/card" className={styles['tool']} aria-label={words.ownCard} title={words.ownCard}>
            <IdCard aria-hidden="true" />
          </Link>
          <Link to="/people/add" className={styles['tool']} aria-label={words.add} title={words.add}>
            <UserPlus aria-hidden="true" />
          </Link>
        </header>
        {waiting.length > 0 && <Requests requests={waiting} />}
        {contacts.length > FEW && (
          <div className={styles['find']}>
            <TextField label={words.find} value={sought} onChange={setSought} type="search" autoComplete="off" />
          </div>
        )}
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
      </section>
      <div className={styles['open']}>
        <Outlet />
      </div>
    </div>
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
