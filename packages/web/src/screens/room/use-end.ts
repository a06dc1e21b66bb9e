import type { Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useRef } from 'react';
import type { TimelineView } from './room-timeline.ts';

/**
 * Keeps the end in sight for whoever is there, however the space for it changes: a composer that grows, a keyboard of glass, a
 * turned screen. What somebody sends leads there, too.
 */
export function useEnd(
  { messages, newer }: TimelineView,
  virtual: Virtualizer<HTMLDivElement, HTMLDivElement>,
  scroller: RefObject<HTMLDivElement | null>,
): void {
  /** Null until it was looked for: a room opens where its reader wants to be. */
  const isThere = useRef<boolean | null>(null);
  const newest = useRef(virtual);
  newest.current = virtual;
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = (): void => {
      isThere.current = newest.current.isAtEnd(NEAR_PIXELS);
    };
    const observer = new ResizeObserver(() => {
      if (isThere.current === null) look();
      else if (isThere.current) newest.current.scrollToEnd();
    });
    element.addEventListener('scroll', look, { passive: true });
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [scroller]);
  const last = messages.at(-1);
  const sent = last?.state === 'queued' && !newer ? last.id : null;
  const known = useRef(sent);
  useEffect(() => {
    if (sent !== null && sent !== known.current) newest.current.scrollToEnd();
    known.current = sent;
  }, [sent]);
}

const NEAR_PIXELS = 48;
