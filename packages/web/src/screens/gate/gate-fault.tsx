import { Fault } from '@sotto/bytes';
import { type JSX, type ReactNode, useEffect, useRef, useState } from 'react';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { Notice } from '../../kit/notice.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './text.ts';

/** What went wrong on the way in. Nothing waits to be sent here, so a server out of reach is told in other words. */
export function GateFault({
  fault,
  actions,
}: {
  readonly fault: Error | null;
  readonly actions?: ReactNode;
}): JSX.Element | null {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (fault !== null) place.current?.scrollIntoView({ block: 'nearest' });
  }, [fault]);
  if (fault === null) return null;
  return (
    <div ref={place}>
      {codeOf(fault) === 'unreachable' ? (
        <OutOfReach actions={actions} />
      ) : (
        <FaultNotice fault={fault} actions={actions} />
      )}
    </div>
  );
}

function OutOfReach({ actions }: { readonly actions: ReactNode }): JSX.Element {
  const words = useText(text);
  return (
    <Notice tone="warning" title={words.unreachable.what} isAnswer actions={actions}>
      <p>{words.unreachable.advice}</p>
      <p>
        <code>unreachable</code>
      </p>
    </Notice>
  );
}

export function codeOf(fault: Error | null): string | null {
  return fault instanceof Fault ? fault.code : null;
}

/** Seconds until the server listens again after too many attempts; 0 as soon as it does. */
export function useBackOff(fault: Error | null): number {
  const seconds = fault instanceof Fault ? Number(fault.detail['retryAfterSeconds'] ?? 0) : 0;
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (fault === null || seconds === 0) return setLeft(0);
    const until = Date.now() + seconds * 1000;
    const tick = (): void => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [fault, seconds]);
  return left;
}
