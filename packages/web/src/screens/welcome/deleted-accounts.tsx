import type { AccountSummary } from '@sotto/keybox';
import { type JSX, useState } from 'react';
import { deletedAccounts, putDeletedAway } from '../../app/kept-accounts.ts';
import { Button } from '../../kit/button.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import { text } from './text.ts';

/** Accounts that were kept here until the browser deleted them: how to come back, before somebody signs up anew. */
export function DeletedAccounts({ accounts }: { readonly accounts: readonly AccountSummary[] }): JSX.Element | null {
  const words = useText(text).deleted;
  const { format } = useLanguage();
  const [isPutAway, setPutAway] = useState(false);
  const deleted = deletedAccounts().filter((lost) => accounts.every(({ address }) => address !== lost));
  if (isPutAway || deleted.length === 0) return null;
  const putAway = (): void => {
    putDeletedAway();
    setPutAway(true);
  };
  return (
    <Notice
      tone="warning"
      title={words.title}
      actions={
        <Button kind="quiet" onPress={putAway}>
          {words.understood}
        </Button>
      }
    >
      <p>
        <bdi>{new Intl.ListFormat(format).format(deleted)}</bdi>
      </p>
      <p>{words.safe}</p>
      <p>{words.advice}</p>
      <p>
        <code>storage-deleted</code>
      </p>
    </Notice>
  );
}
