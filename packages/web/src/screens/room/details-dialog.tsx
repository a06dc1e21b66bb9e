import type { MessageView } from '@sotto/keybox';
import type { JSX, ReactNode } from 'react';
import { Copyable } from '../../kit/copyable.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import styles from './details-dialog.module.css';
import { progressWords } from './message-footer.tsx';
import { text } from './text.ts';

/** Which device signed a message, where it stands, and what is known of both. */
export function DetailsDialog({ message, onClose }: { readonly message: MessageView; onClose(): void }): JSX.Element {
  const all = useText(text);
  const words = all.details;
  const { format } = useLanguage();
  const { author, device, trust, at, n, id, era } = message;
  const written = at === 0 ? '–' : new Date(at).toLocaleString(format, { dateStyle: 'full', timeStyle: 'medium' });
  return (
    <Dialog title={words.title} isOpen onClose={onClose}>
      <dl className={styles['list']}>
        <Line name={words.author}>
          <bdi>{author}</bdi>
          <p>{words[trust.author]}</p>
        </Line>
        <Line name={words.device}>
          <code>{device}</code> {trust.device === 'revoked' && words.revoked}
          {trust.device === 'unknown' && words.unknownDevice}
        </Line>
        <Line name={words.trust}>{words.signed}</Line>
        <Line name={words.at}>{written}</Line>
        {trust.author === 'self' && message.state !== 'deleted' && (
          <Line name={words.state}>{progressWords(all.state, message)}</Line>
        )}
        <Line name={words.position}>{n === null ? words.queued : n.toLocaleString(format)}</Line>
        {era !== null && <Line name={words.era}>{era}</Line>}
        <Line name={words.id}>
          <Copyable label={words.id} value={id} />
        </Line>
      </dl>
    </Dialog>
  );
}

function Line({ name, children }: { readonly name: string; readonly children: ReactNode }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
