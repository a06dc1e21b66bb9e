import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useVaults } from '../../app/vaults.tsx';
import { Copyable } from '../../kit/copyable.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './text.ts';
import styles from './welcome.module.css';

/** Whose page this is, by what the server says of itself: who is signed up compares it with what they know. */
export function Server(): JSX.Element {
  const words = useText(text).server;
  const { gate } = useVaults();
  const { data } = useQuery({ queryKey: ['gate', 'server'], queryFn: () => gate.server(), retry: false });
  return (
    <section className={styles['server']} aria-label={words.label}>
      <p>
        {words.at} <strong>{data?.domain ?? location.host}</strong>
      </p>
      {data !== undefined && (
        <div>
          <span>{words.authority}</span>
          <Copyable label={words.authority} value={data.caFingerprint} grouped />
        </div>
      )}
    </section>
  );
}
