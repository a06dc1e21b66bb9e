import type { ContactView } from '@sotto/keybox';
import { Link } from '@tanstack/react-router';
import { BadgeCheck } from 'lucide-react';
import type { JSX } from 'react';
import { Address } from '../../kit/address.tsx';
import { Avatar } from '../../kit/avatar.tsx';
import { useText } from '../../text/language.tsx';
import styles from './people.module.css';
import { text } from './text.ts';

/** Contacts, those who have not answered, and those who are blocked, as far as they are called what is sought. */
export function ContactList({
  contacts,
  sought,
}: {
  readonly contacts: readonly ContactView[];
  readonly sought: string;
}): JSX.Element {
  const words = useText(text);
  const found = contacts.filter((contact) => isCalled(contact, sought)).toSorted(byName);
  const groups = [
    { name: words.contacts, people: found.filter(({ state }) => state === 'mutual') },
    { name: words.waiting, people: found.filter(({ state }) => state === 'requested') },
    { name: words.blocked, people: found.filter(({ state }) => state === 'blocked') },
  ].filter(({ people }) => people.length > 0);
  return (
    <>
      {groups.map(({ name, people }) => (
        <section key={name} className={styles['group']}>
          <h2>{name}</h2>
          <ul>
            {people.map((contact) => (
              <Entry key={contact.address} contact={contact} />
            ))}
          </ul>
        </section>
      ))}
      {contacts.length > 0 && groups.length === 0 && <p className={styles['none']}>{words.noneFound}</p>}
    </>
  );
}

function Entry({ contact: { address, name, verified } }: { readonly contact: ContactView }): JSX.Element {
  const words = useText(text);
  return (
    <li>
      <Link to="/people/$address" params={{ address }} className={styles['entry']}>
        <Avatar name={name ?? address} />
        <span className={styles['who']}>
          {name !== null && <bdi className={styles['name']}>{name}</bdi>}
          <Address value={address} className={styles[name === null ? 'name' : 'address']} />
        </span>
        {verified && (
          <span className={styles['verified']} role="img" aria-label={words.verified} title={words.verified}>
            <BadgeCheck aria-hidden="true" />
          </span>
        )}
      </Link>
    </li>
  );
}

function isCalled({ address, name }: ContactView, sought: string): boolean {
  const part = sought.trim().toLocaleLowerCase();
  return address.includes(part) || (name ?? '').toLocaleLowerCase().includes(part);
}

function byName(left: ContactView, right: ContactView): number {
  return (left.name ?? left.address).localeCompare(right.name ?? right.address);
}
