import { CloudOff, Lock } from 'lucide-react';
import type { JSX, ReactNode, RefObject } from 'react';
import { useOpenVault } from '../../app/vaults.tsx';
import { useCodeWords } from '../../text/code-words.ts';
import { useLanguage, useText } from '../../text/language.tsx';
import { Composer, type Writing } from './composer.tsx';
import { useRoomDesk } from './room-context.tsx';
import { text } from './text.ts';
import { useDraft } from './use-draft.ts';
import styles from './writing-place.module.css';

export interface WritingPlaceProps {
  readonly writing: Writing;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  onSend(text: string): void;
  onWriting(writing: Writing): void;
  onEditLast(): void;
}

/** The composer, or why nothing can be written here. */
export function WritingPlace({ writing, field, onSend, onWriting, onEditLast }: WritingPlaceProps): JSX.Element {
  const words = useText(text);
  const { connection, isGone } = useOpenVault();
  const refused = isGone ? 'storage-deleted' : connection.refused;
  const { canWrite } = useRoomDesk();
  const draft = useDraft(writing, onWriting);
  if (!canWrite) return <Reason />;
  return (
    <div>
      {refused !== null && <Stopped code={refused} />}
      {refused === null && !connection.online && connection.offlineSince !== null && (
        <p className={styles['offline']}>
          <CloudOff aria-hidden="true" />
          {words.offline}
        </p>
      )}
      <Composer
        writing={writing}
        text={draft.text}
        field={field}
        onText={draft.change}
        onSend={(said) => {
          draft.clear();
          onSend(said);
        }}
        onCancel={() => {
          draft.cancel();
          onWriting({ kind: 'new' });
        }}
        onEditLast={onEditLast}
      />
    </div>
  );
}

function Reason(): JSX.Element {
  const words = useText(text);
  const { room } = useRoomDesk();
  const { stopped } = room;
  if (room.closed) return <Told>{words.closed}</Told>;
  if (room.role === null) return <Told>{words.notMember}</Told>;
  if (stopped === null) return <Told>{words.reader}</Told>;
  // Whoever only reads has nothing that waits.
  if (stopped === 'room-frozen' && room.role === 'reader') {
    return (
      <Told>
        {words.frozenReader} <code>{stopped}</code>
      </Told>
    );
  }
  return <Stopped code={stopped} />;
}

/** What keeps everything here, or the whole account, from going on. */
function Stopped({ code }: { readonly code: string }): JSX.Element {
  const words = useText(text);
  const { locale } = useLanguage();
  const [what, safe, advice] = useCodeWords()[code]?.[locale === 'de' ? 'de' : 'en'] ?? [];
  return (
    <Told tone="danger">
      <strong>{what ?? words.stopped}.</strong> {safe} {advice} <code>{code}</code>
    </Told>
  );
}

function Told({ tone, children }: { readonly tone?: 'danger'; readonly children: ReactNode }): JSX.Element {
  return (
    <p className={styles['reason']} data-tone={tone}>
      <Lock aria-hidden="true" />
      <span>{children}</span>
    </p>
  );
}
