import { type JSX, useEffect, useRef } from 'react';
import { type PreviewAnswer, type PreviewOrder, parseAnswer } from '../../preview/words.ts';
import styles from './preview.module.css';

export interface PreviewFrameProps {
  readonly order: PreviewOrder;
  readonly title: string;
  hear(answer: PreviewAnswer | { readonly kind: 'silent' }): void;
}

/**
 * A sandboxed page that shows one file. The page is told what to show once, when it says that it is there; from then on it may
 * answer through a port of its own, in a few words that are read strictly. One that stays silent is taken away by its parent.
 */
export function PreviewFrame({ order, title, hear }: PreviewFrameProps): JSX.Element {
  const frame = useRef<HTMLIFrameElement>(null);
  const heard = useRef(hear);
  heard.current = hear;
  useEffect(() => {
    const page = frame.current?.contentWindow;
    const channel = new MessageChannel();
    const silence = setTimeout(() => heard.current({ kind: 'silent' }), PATIENCE_MILLISECONDS);
    channel.port1.onmessage = ({ data }) => {
      const answer = parseAnswer(data);
      if (answer !== null && answer.kind !== 'escape') clearTimeout(silence);
      if (answer !== null) heard.current(answer);
    };
    const greet = ({ source, origin, data }: MessageEvent): void => {
      if (source !== page || origin !== 'null' || parseAnswer(data)?.kind !== 'ready') return;
      removeEventListener('message', greet);
      // A sandboxed page has no origin that could be named; the policy keeps the frame from being anything else.
      page?.postMessage(order, '*', [order.bytes, channel.port2]);
    };
    addEventListener('message', greet);
    return () => {
      removeEventListener('message', greet);
      clearTimeout(silence);
      channel.port1.close();
    };
  }, [order]);
  return (
    <iframe
      ref={frame}
      className={styles['frame']}
      title={title}
      src="/preview.html"
      sandbox="allow-scripts"
      referrerPolicy="no-referrer"
    />
  );
}

/** For a whole file, read and drawn; a page that hangs is ended with its frame. */
const PATIENCE_MILLISECONDS = 40_000;
