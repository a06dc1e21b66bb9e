import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

/** Leads elsewhere, once: the router's own component asks again whenever what is around it changes on the way. */
export function Redirect({ to, next }: { readonly to: '/welcome' | '/unlock'; readonly next?: string }): null {
  const navigate = useNavigate();
  const isGoing = useRef(false);
  useEffect(() => {
    if (isGoing.current) return;
    isGoing.current = true;
    void navigate({ to, search: next === undefined ? true : { next }, replace: true });
  }, [navigate, to, next]);
  return null;
}
