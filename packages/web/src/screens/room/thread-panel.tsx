import { X } from 'lucide-react';
import { type JSX, useEffect, useMemo, useRef, useState } from 'react';
import { useRead } from '../../app/queries.ts';
import { IconButton } from '../../kit/button.tsx';
import { useText } from '../../text/language.tsx';
import { Composer, type Writing } from './composer.tsx';
import { MessageItem } from './message-item.tsx';
import { RoomContext, type RoomDesk, useRoomDesk } from './room-context.tsx';
import { text } from './text.ts';
import styles from './thread-panel.module.css';
import { Timeline } from './timeline.tsx';
import { useTimeline } from './use-room-timeline.ts';
import { useSending } from './use-sending.ts';

/** One thread of a room, beside its timeline. */
export function ThreadPanel({ root, onClose }: { readonly root: string; onClose(): void }): JSX.Element {
  const words = useText(text).thread;
  const around = useRoomDesk();
  const { room, own, members } = around;
  const timeline = useTimeline(room.id, root);
  const field = useRef<HTMLTextAreaElement>(null);
  const [writing, setWriting] = useState<Writing>(NEW);
  const [said, setSaid] = useState('');
  const sending = useSending({ room, timeline, own, members, thread: root });
  const first = useRead(['message', room.id, root], ({ box }) => box.showMessage(room.id, root).catch(() => null));
  useEffect(() => {
    void timeline.open();
    field.current?.focus();
  }, [timeline]);
  const desk = useMemo((): RoomDesk => {
    const write = (next: Writing): void => {
      setWriting(next);
      setSaid(next.kind === 'edit' ? next.message.text : '');
      field.current?.focus();
    };
    return {
      ...around,
      timeline,
      react: sending.react,
      resend: sending.resend,
      discard: sending.discard,
      reply: (message) => write({ kind: 'reply', message }),
      edit: (message) => write({ kind: 'edit', message }),
      thread: null,
    };
  }, [around, timeline, sending]);
  return (
    <RoomContext value={desk}>
      <section className={styles['panel']} aria-label={words.title} data-landmark>
        <header className={styles['header']}>
          <h1>{words.title}</h1>
          <IconButton label={words.close} icon={<X />} onPress={onClose} />
        </header>
        {first !== null && (
          <div className={styles['root']}>
            <MessageItem
              row={{
                kind: 'message',
                key: first.id,
                message: { ...first, threadReplies: 0 },
                isFirst: true,
                isLast: true,
              }}
              place={1}
              total={1}
              isActive={false}
              isStop
              isFound={false}
              onActive={() => undefined}
            />
          </div>
        )}
        <Timeline unreadFrom={null} label={words.title} />
        {around.canWrite && (
          <Composer
            writing={writing}
            text={said}
            placeholder={words.placeholder}
            field={field}
            onText={setSaid}
            onSend={(sent) => {
              sending.send(sent, writing);
              setWriting(NEW);
              setSaid('');
            }}
            onCancel={() => {
              setWriting(NEW);
              setSaid('');
            }}
            onEditLast={() => undefined}
          />
        )}
      </section>
    </RoomContext>
  );
}

const NEW: Writing = { kind: 'new' };
