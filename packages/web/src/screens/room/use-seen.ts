import type { MessagePlace, RoomView } from '@sotto/keybox';
import { useCallback, useEffect, useRef } from 'react';
import { useVaults } from '../../app/vaults.tsx';

/** Marks a room as read as far as somebody has looked, a moment later, and only while the page has the focus. */
export function useSeen({ id, unread }: RoomView): (place: MessagePlace) => void {
  const { box } = useVaults();
  const seen = useRef<MessagePlace | null>(null);
  const marked = useRef(-1);
  const isUnread = useRef(unread > 0);
  isUnread.current = unread > 0;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const mark = useCallback((): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const place = seen.current;
      if (place === null || place.room !== id || place.n <= marked.current) return;
      if (!isUnread.current || !document.hasFocus()) return;
      marked.current = place.n;
      // Whoever is offline marks it later: the next look does it again.
      box.markRead(id, place.n).catch(() => {
        marked.current = -1;
      });
    }, PAUSE_MILLISECONDS);
  }, [box, id]);

  useEffect(() => {
    addEventListener('focus', mark);
    return () => {
      removeEventListener('focus', mark);
      clearTimeout(timer.current);
    };
  }, [mark]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what came since may be in sight already.
  useEffect(mark, [mark, unread]);

  return useCallback(
    (place) => {
      seen.current = place;
      mark();
    },
    [mark],
  );
}

const PAUSE_MILLISECONDS = 500;
