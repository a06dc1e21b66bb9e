import type { MemberView, MessageView, RoomView } from '@sotto/keybox';
import { type JSX, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useRead } from '../../app/queries.ts';
import { useShortcut } from '../../app/shortcut-keys.tsx';
import { useOpenVault } from '../../app/vaults.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { useText } from '../../text/language.tsx';
import { FileDrop } from '../files/file-drop.tsx';
import { UploadQueue } from '../files/upload-queue.tsx';
import type { Writing } from './composer.tsx';
import { DateDialog } from './date-dialog.tsx';
import styles from './open-room.module.css';
import { RoomContext, type RoomDesk } from './room-context.tsx';
import { type Asked, RoomDialogs } from './room-dialogs.tsx';
import { RoomHeader } from './room-header.tsx';
import { text } from './text.ts';
import { ThreadPanel } from './thread-panel.tsx';
import { Timeline } from './timeline.tsx';
import { useRoomTimeline } from './use-room-timeline.ts';
import { useSeen } from './use-seen.ts';
import { useSending } from './use-sending.ts';
import { WritingPlace } from './writing-place.tsx';

/** A room that is here: header, timeline, composer, and at its side the thread that is open. */
export function OpenRoom({ room, message }: { readonly room: RoomView; readonly message?: string }): JSX.Element {
  const words = useText(text);
  const { address: own } = useOpenVault();
  const members = useMembers(room);
  const { timeline, unreadFrom } = useRoomTimeline(room, message);
  const [writing, setWriting] = useState<Writing>(NEW);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [thread, setThread] = useState<string | null>(null);
  const [isDating, setDating] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const sending = useSending({ room, timeline, own, members });
  const onSeen = useSeen(room);
  useWritingAtOnce(field, message !== undefined);
  useShortcut('latest', () => void timeline.open());
  const write = useCallback((next: Writing): void => {
    setWriting(next);
    requestAnimationFrame(() => field.current?.focus());
  }, []);
  const desk = useMemo(
    (): RoomDesk => ({
      room,
      own,
      members,
      timeline,
      canWrite: canWrite(room),
      reply: (answered) => write({ kind: 'reply', message: answered }),
      edit: (edited) => write({ kind: 'edit', message: edited }),
      react: sending.react,
      forward: (what) => setAsked({ kind: 'forward', message: what }),
      remove: (what) => setAsked({ kind: 'delete', message: what }),
      details: (what) => setAsked({ kind: 'details', message: what }),
      thread: (what) => setThread(what.thread ?? what.id),
      goTo: (id) => void timeline.open({ id }),
      resend: sending.resend,
      discard: sending.discard,
    }),
    [room, own, members, timeline, write, sending],
  );
  const editLast = (): void => {
    const last = timeline.view().messages.findLast(isEditable);
    if (last !== undefined) desk.edit(last);
  };
  const closeDialog = (): void => {
    setAsked(null);
    field.current?.focus();
  };
  return (
    <RoomContext value={desk}>
      <div className={styles['room']} data-thread={thread !== null || undefined}>
        <section className={styles['main']} aria-label={room.name} data-landmark>
          <RoomHeader room={room} onJump={() => setDating(true)} />
          <FileDrop room={room.id}>
            <div className={styles['talk']}>
              <Timeline unreadFrom={unreadFrom} label={words.timeline} onSeen={onSeen} />
              {sending.fault !== null && (
                <div className={styles['fault']}>
                  <FaultNotice fault={sending.fault} />
                </div>
              )}
              <UploadQueue room={room.id} />
              <WritingPlace
                writing={writing}
                field={field}
                onSend={(said) => {
                  sending.send(said, writing);
                  setWriting(NEW);
                }}
                onWriting={setWriting}
                onEditLast={editLast}
              />
            </div>
          </FileDrop>
        </section>
        {thread !== null && <ThreadPanel key={thread} root={thread} onClose={() => setThread(null)} />}
      </div>
      {asked !== null && <RoomDialogs asked={asked} onClose={closeDialog} />}
      {isDating && (
        <DateDialog
          onClose={() => setDating(false)}
          onGo={(at) => {
            setDating(false);
            void timeline.open({ at });
          }}
        />
      )}
    </RoomContext>
  );
}

/** Whoever enters a room can write, where that brings no keyboard of glass over what there is to read. */
function useWritingAtOnce(field: RefObject<HTMLTextAreaElement | null>, isLedToMessage: boolean): void {
  useEffect(() => {
    if (!isLedToMessage && matchMedia('(width >= 48rem) and (pointer: fine)').matches) field.current?.focus();
  }, [field, isLedToMessage]);
}

function useMembers({ id }: RoomView): ReadonlyMap<string, MemberView> {
  const list = useRead(['room-members', id], ({ box }) => box.roomMembers(id));
  return useMemo(() => new Map(list.map((member) => [member.address, member])), [list]);
}

/** Whether this account may write here, as far as it can be told without asking. */
function canWrite({ role, closed, stopped }: RoomView): boolean {
  return role !== null && role !== 'reader' && !closed && stopped === null;
}

function isEditable({ trust, state, file, code }: MessageView): boolean {
  return trust.author === 'self' && file === undefined && code === null && state !== 'deleted';
}

const NEW: Writing = { kind: 'new' };
