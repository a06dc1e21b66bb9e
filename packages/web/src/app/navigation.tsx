import { Link } from '@tanstack/react-router';
import { type LucideIcon, MessagesSquare, Search, Settings, ShieldCheck, Users } from 'lucide-react';
import type { JSX } from 'react';
import { Mark } from '../design/mark.tsx';
import { defineText, useText } from '../text/language.tsx';
import styles from './navigation.module.css';

/** The places of the client, at the side, or below on narrow screens. */
export function Navigation(): JSX.Element {
  const words = useText(text);
  return (
    <nav className={styles['rail']} aria-label={words.label}>
      <span className={styles['mark']}>
        <Mark />
      </span>
      <ul>
        {PLACES.map(({ to, name, Icon }) => (
          <li key={to}>
            <Link to={to} params={{ part: undefined }} className={styles['place']}>
              <Icon aria-hidden="true" />
              <span>{words[name]}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const text = defineText({
  en: {
    label: 'Places',
    rooms: 'Rooms',
    people: 'People',
    search: 'Search',
    security: 'Security',
    settings: 'Settings',
  },
  de: {
    label: 'Bereiche',
    rooms: 'Räume',
    people: 'Personen',
    search: 'Suche',
    security: 'Sicherheit',
    settings: 'Optionen',
  },
});

interface Place {
  readonly to: '/rooms' | '/people' | '/search' | '/security/{-$part}' | '/settings/{-$part}';
  readonly name: 'rooms' | 'people' | 'search' | 'security' | 'settings';
  readonly Icon: LucideIcon;
}

const PLACES: readonly Place[] = [
  { to: '/rooms', name: 'rooms', Icon: MessagesSquare },
  { to: '/people', name: 'people', Icon: Users },
  { to: '/search', name: 'search', Icon: Search },
  { to: '/security/{-$part}', name: 'security', Icon: ShieldCheck },
  { to: '/settings/{-$part}', name: 'settings', Icon: Settings },
];
