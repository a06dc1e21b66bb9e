import { Cloud, CloudOff, KeyRound, Send, ShieldAlert } from 'lucide-react';
import type { JSX } from 'react';
import { defineText, useLanguage, useText } from '../text/language.tsx';
import { Reminder } from './reminder.tsx';
import styles from './status-line.module.css';
import { useOpenVault } from './vaults.tsx';

/** Keys, channel, outbox: the same line everywhere. */
export function StatusLine(): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  const { address, connection, isGone } = useOpenVault();
  const { online, offlineSince, unsent, refused } = connection;
  const since = offlineSince === null ? '' : new Date(offlineSince).toLocaleTimeString(format, { timeStyle: 'short' });
  return (
    <div className={styles['line']} role="status" aria-label={words.label}>
      <span className={styles['item']}>
        <KeyRound aria-hidden="true" />
        <bdi>{address}</bdi>
      </span>
      {refused !== null && (
        <span className={styles['item']} data-tone="danger">
          <ShieldAlert aria-hidden="true" />
          {refused === 'disk-full' ? words.full : words.refused} <code>{refused}</code>
        </span>
      )}
      {refused === null && !isGone && (
        <span className={styles['item']} data-tone={online ? undefined : 'warning'}>
          {online ? <Cloud aria-hidden="true" /> : <CloudOff aria-hidden="true" />}
          {online ? words.secured : words.offline(since)}
        </span>
      )}
      {unsent > 0 && (
        <span className={styles['item']}>
          <Send aria-hidden="true" />
          {words.unsent(unsent)}
        </span>
      )}
      <Reminder />
    </div>
  );
}

const text = defineText({
  en: {
    label: 'Status',
    secured: 'Channel secured',
    offline: (since: string) => (since === '' ? 'Connecting …' : `Offline since ${since}`),
    unsent: (count: number) => (count === 1 ? '1 waits to be sent' : `${count} wait to be sent`),
    refused: 'Stopped for your safety:',
    full: 'No room to store:',
  },
  de: {
    label: 'Status',
    secured: 'Kanal gesichert',
    offline: (since: string) => (since === '' ? 'Verbindung wird aufgebaut …' : `Offline seit ${since}`),
    unsent: (count: number) => (count === 1 ? '1 wartet auf Versand' : `${count} warten auf Versand`),
    refused: 'Zu Ihrer Sicherheit angehalten:',
    full: 'Kein Platz zum Speichern:',
  },
});
