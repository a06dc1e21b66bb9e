import type { Virtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useState } from 'react';
import { pressedShortcut, type ShortcutId } from '../../app/shortcuts.ts';
import { useText } from '../../text/language.tsx';
import { copyMessage, rightsOn } from './message-actions.tsx';
import { type RoomDesk, useRoomDesk } from './room-context.tsx';
import type { MessageRow, Row } from './rows.ts';
import { text } from './text.ts';
import type { FeedRef } from './timeline.tsx';

/** Keys on messages: the arrows walk from one to the next, letters do what the buttons do. */
export function useMessageKeys(
  rows: readonly Row[],
  virtual: Virtualizer<HTMLDivElement, HTMLDivElement>,
  feed: FeedRef,
): { readonly stop: string | null; onKeyDown(event: KeyboardEvent): void } {
  const desk = useRoomDesk();
  const words = useText(text).actions;
  const [chosen, setChosen] = useState<string | null>(null);
  const last = rows.findLast(({ kind }) => kind === 'message')?.key ?? null;
  const stop = chosen !== null && rows.some(({ key }) => key === chosen) ? chosen : last;

  const walk = (from: number, step: 1 | -1): void => {
    const ahead = step === 1 ? rows.slice(from + 1) : rows.slice(0, from).toReversed();
    const next = ahead.find(({ kind }) => kind === 'message');
    if (next === undefined) return;
    setChosen(next.key);
    virtual.scrollToIndex(rows.indexOf(next), { align: 'auto' });
    focusSoon(feed, next.key);
  };

  return {
    stop,
    onKeyDown(event) {
      const article = (event.target as HTMLElement).closest<HTMLElement>('article');
      if (article === null) return;
      const isWithin = article !== event.target;
      if (isWithin && event.key === 'Escape') {
        event.stopPropagation();
        article.focus();
      }
      const at = rows.findIndex(({ key }) => key === article.dataset['message']);
      const id = pressedShortcut(event, 'message');
      const row = rows[at];
      // Enter presses the button that has the focus.
      if (row?.kind !== 'message' || id === null || (isWithin && id === 'actions')) return;
      event.preventDefault();
      if (id === 'olderMessage') walk(at, -1);
      else if (id === 'newerMessage') walk(at, 1);
      else if (id === 'actions' || id === 'react') press(article, id);
      else act(id, row, { desk, copied: words.copied });
    },
  };
}

function act(
  id: ShortcutId,
  { message }: MessageRow,
  given: { readonly desk: RoomDesk; readonly copied: string },
): void {
  const { desk, copied } = given;
  const can = rightsOn(message, desk);
  if (id === 'reply' && can.reply) desk.reply(message);
  if (id === 'edit' && can.edit) desk.edit(message);
  if (id === 'thread' && can.thread) desk.thread?.(message);
  if (id === 'forward' && can.forward) desk.forward(message);
  if (id === 'delete' && can.delete) desk.remove(message);
  if (id === 'copy' && can.copy) copyMessage(message, copied);
  if (id === 'details') desk.details(message);
}

function press(article: HTMLElement, id: 'actions' | 'react'): void {
  article.querySelector<HTMLElement>(`[data-${id}]`)?.click();
}

/** What was scrolled to is there after the next frames. */
function focusSoon(feed: FeedRef, id: string, tries = 10): void {
  requestAnimationFrame(() => {
    const article = feed.current?.querySelector<HTMLElement>(`[data-message="${id}"]`);
    if (article !== undefined && article !== null) article.focus({ preventScroll: true });
    else if (tries > 0) focusSoon(feed, id, tries - 1);
  });
}
