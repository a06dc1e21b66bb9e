import { type JSX, useEffect, useState } from 'react';
import { Copyable } from '../../kit/copyable.tsx';
import { QrCode } from '../../kit/qr-code.tsx';
import { useText } from '../../text/language.tsx';
import type { LinkCode } from '../gate/gate-task.ts';
import { clockTime } from '../gate/seconds.ts';
import styles from './link.module.css';
import { text } from './text.ts';

/** The code to scan or to type on the other device, and how long it is good. */
export function CodeToShow({
  link,
  deviceName,
}: {
  readonly link: LinkCode;
  readonly deviceName: string;
}): JSX.Element {
  const words = useText(text).show;
  const left = useSecondsUntil(link.expiresAt);
  return (
    <section className={styles['code']} aria-label={words.title}>
      <ol className={styles['steps']}>
        <li>{words.open}</li>
        <li>{words.scan}</li>
        <li>{words.compare(deviceName)}</li>
      </ol>
      <div className={styles['picture']}>
        <QrCode content={link.code} label={words.picture} />
      </div>
      <Copyable label={words.code} value={link.code} grouped />
      <p className={styles['left']} data-late={left < 60 || undefined}>
        {words.left(clockTime(left))}
      </p>
    </section>
  );
}

function useSecondsUntil(moment: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.round((moment - now) / 1000));
}
