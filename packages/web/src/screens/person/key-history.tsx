import type { ContactView, KeyChangeView } from '@sotto/keybox';
import { KeyRound, type LucideIcon, MonitorSmartphone, MonitorX, UserRound } from 'lucide-react';
import type { JSX } from 'react';
import { useAsked } from '../../app/asked.ts';
import { List, ListRow } from '../../kit/list-row.tsx';
import { Section } from '../../kit/page.tsx';
import { Time } from '../../kit/time.tsx';
import { useText } from '../../text/language.tsx';
import styles from './person.module.css';
import { text } from './text.ts';

/** What somebody's own devices signed about their keys, newest first. */
export function KeyHistory({ address }: { readonly address: ContactView['address'] }): JSX.Element {
  const words = useText(text).history;
  const changes = useAsked(`key-history ${address}`, ({ box }) => box.people.history(address));
  return (
    <Section title={words.title} lead={words.lead}>
      {changes.length === 0 && <p className={styles['soft']}>{words.none}</p>}
      {changes.length > 0 && (
        <List label={words.title}>
          {changes.map((change) => (
            <Change key={`${change.at} ${change.kind} ${change.device?.name}`} change={change} />
          ))}
        </List>
      )}
    </Section>
  );
}

function Change({ change }: { readonly change: KeyChangeView }): JSX.Element {
  const words = useText(text).history;
  const { at, kind, device } = change;
  const Icon = ICONS[kind];
  const name = device === null ? '' : nameOf(device, words);
  const told = kind === 'keys-renewed' || kind === 'passphrase-changed' ? words[kind] : words[kind](name);
  return <ListRow icon={<Icon aria-hidden="true" />} title={<bdi>{told}</bdi>} end={<Time at={at} isExact />} />;
}

function nameOf(
  { name, kind }: NonNullable<KeyChangeView['device']>,
  words: { readonly recovery: string; readonly roaming: string },
): string {
  return kind === 'keybox' ? name : words[kind];
}

const ICONS: Readonly<Record<KeyChangeView['kind'], LucideIcon>> = {
  'account-made': UserRound,
  'device-added': MonitorSmartphone,
  'device-revoked': MonitorX,
  'keys-renewed': KeyRound,
  'passphrase-changed': KeyRound,
};
