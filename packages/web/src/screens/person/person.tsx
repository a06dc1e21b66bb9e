import type { ContactView } from '@sotto/keybox';
import { Link, useParams } from '@tanstack/react-router';
import { type JSX, Suspense } from 'react';
import { Loading } from '../../app/loading.tsx';
import { useRead } from '../../app/queries.ts';
import { Illustration } from '../../design/illustration.tsx';
import { Address } from '../../kit/address.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Page } from '../../kit/page.tsx';
import { useText } from '../../text/language.tsx';
import { KeyHistory } from './key-history.tsx';
import { Logged } from './logged.tsx';
import { Note } from './note.tsx';
import { PersonHead } from './person-head.tsx';
import { PersonMenu } from './person-menu.tsx';
import { text } from './text.ts';
import { Verification } from './verification.tsx';

/** Everything about one contact: who they say they are, and whether it is true. */
export function Person(): JSX.Element {
  const { address } = useParams({ from: '/inside/people/$address' });
  const contacts = useRead(['contacts'], ({ box }) => box.listContacts());
  const contact = contacts.find((each) => each.address === address);
  return contact === undefined ? <Unknown /> : <Known key={address} contact={contact} />;
}

function Known({ contact }: { readonly contact: ContactView }): JSX.Element {
  const hasKeys = contact.fingerprint !== null;
  return (
    <Page
      title={contact.name === null ? <Address value={contact.address} /> : <bdi>{contact.name}</bdi>}
      back="/people"
      actions={<PersonMenu contact={contact} />}
    >
      <PersonHead contact={contact} />
      {contact.state !== 'blocked' && <Verification contact={contact} />}
      <Note contact={contact} />
      {hasKeys && contact.state === 'mutual' && <Logged address={contact.address} />}
      {hasKeys && (
        <Suspense fallback={<Loading />}>
          <KeyHistory address={contact.address} />
        </Suspense>
      )}
    </Page>
  );
}

function Unknown(): JSX.Element {
  const words = useText(text);
  return (
    <EmptyState
      picture={<Illustration name="people" />}
      title={words.unknown.title}
      actions={<Link to="/people/add">{words.unknown.add}</Link>}
      isPage
    >
      {words.unknown.what}
    </EmptyState>
  );
}
