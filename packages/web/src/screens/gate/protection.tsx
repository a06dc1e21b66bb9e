import { EyeOff, Fingerprint, LifeBuoy } from 'lucide-react';
import type { JSX } from 'react';
import { useText } from '../../text/language.tsx';
import styles from './protection.module.css';
import { text } from './text.ts';

/** What protects a person here, in three sentences. */
export function Protection(): JSX.Element {
  const { protection } = useText(text);
  const { title, sealed, people, recovery } = protection;
  const points = [
    { Icon: EyeOff, said: sealed },
    { Icon: Fingerprint, said: people },
    { Icon: LifeBuoy, said: recovery },
  ];
  return (
    <>
      <h2 className={styles['title']}>{title}</h2>
      <ul className={styles['points']}>
        {points.map(({ Icon, said }) => (
          <li key={said}>
            <Icon aria-hidden="true" />
            <p>{said}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
