import { useCallback, useEffect, useRef, useState } from 'react';
import { useVaults } from '../../app/vaults.tsx';
import type { Writing } from './composer.tsx';
import { useRoomDesk } from './room-context.tsx';

interface Draft {
  readonly text: string;
  change(text: string): void;
  /** It was sent. */
  clear(): void;
  /** Another wording was given up: what was begun before comes back. */
  cancel(): void;
}

/** What is being written, kept in the vault for all devices whenever somebody pauses or leaves. */
export function useDraft(writing: Writing, onWriting: (writing: Writing) => void): Draft {
  const { box } = useVaults();
  const { room } = useRoomDesk();
  const [text, setText] = useState('');
  const [edited, setEdited] = useState<string | null>(null);
  const draft = useRef({ text: '', replyTo: null as string | null, kept: '' });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const keep = useCallback((): void => {
    clearTimeout(timer.current);
    const { text: now, replyTo, kept } = draft.current;
    const mark = `${replyTo}/${now}`;
    if (mark === kept) return;
    draft.current.kept = mark;
    // Without a network it is kept here all the same.
    box.roomNotes.setDraft(room.id, { text: now, ...(replyTo === null ? {} : { replyTo }) }).catch(() => undefined);
  }, [box, room.id]);

  useEffect(() => {
    let isGone = false;
    void box.roomNotes.draft(room.id).then(async (found) => {
      if (isGone || found === null || draft.current.text !== '') return;
      draft.current = { text: found.text, replyTo: found.replyTo, kept: `${found.replyTo}/${found.text}` };
      setText(found.text);
      const answered = found.replyTo === null ? null : await box.showMessage(room.id, found.replyTo).catch(() => null);
      if (!isGone && answered !== null) onWriting({ kind: 'reply', message: answered });
    });
    return () => {
      isGone = true;
      keep();
    };
  }, [box, room.id, keep, onWriting]);

  const editedId = writing.kind === 'edit' ? writing.message.id : null;
  const editedText = writing.kind === 'edit' ? writing.message.text : '';
  useEffect(() => setEdited(editedId === null ? null : editedText), [editedId, editedText]);
  useEffect(() => {
    if (writing.kind !== 'edit') draft.current.replyTo = writing.kind === 'reply' ? writing.message.id : null;
  }, [writing]);

  return {
    text: edited ?? text,
    change(next) {
      if (edited !== null) {
        setEdited(next);
        return;
      }
      setText(next);
      draft.current.text = next;
      clearTimeout(timer.current);
      timer.current = setTimeout(keep, PAUSE_MILLISECONDS);
    },
    clear() {
      clearTimeout(timer.current);
      if (edited !== null) {
        setEdited(null);
        return;
      }
      setText('');
      // Sending clears what was kept.
      draft.current = { text: '', replyTo: null, kept: 'null/' };
    },
    cancel: () => setEdited(null),
  };
}

const PAUSE_MILLISECONDS = 2_000;
