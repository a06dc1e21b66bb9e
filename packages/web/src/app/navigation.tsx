import { Link } from '@tanstack/react-router';
import { type LucideIcon, MessagesSquare, Search, Settings, ShieldCheck, SlidersHorizontal, Users } from 'lucide-react';
import type { JSX } from 'react';
import { Mark } from '../design/mark.tsx';
import { defineText, useText } from '../text/language.tsx';
import styles from './navigation.module.css';
import { useRole } from './role.ts';

/** The places of the client, at the side, or below on narrow screens. */
export function Navigation(): JSX.Element {
  const words = useText(text);
  const role = useRole();
  const isAdmin = role === 'owner' || role === 'admin';
  return (
    <nav className={styles['rail']} aria-label={words.label}>
      <span className={styles['mark']}>
        <Mark />
      </span>
      <ul>
        {PLACES.filter(({ forAdmins }) => isAdmin || forAdmins !== true).map(({ to, name, Icon }) => (
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
    admin: 'Admin',
  },
  de: {
    label: 'Bereiche',
    rooms: 'Räume',
    people: 'Personen',
    search: 'Suche',
    security: 'Sicherheit',
    settings: 'Optionen',
    admin: 'Admin',
  },
});

interface Place {
  readonly to: '/rooms' | '/people' | '/search' | '/security/{-$part}' | '/settings/{-$part}' | '/admin/{-$part}';
  readonly name: 'rooms' | 'people' | 'search' | 'security' | 'settings' | 'admin';
  readonly Icon: LucideIcon;
  /** Left out for whoever does not administer the server. */
  readonly forAdmins?: true;
}

const PLACES: readonly Place[] = [
  { to: '/rooms', name: 'rooms', Icon: MessagesSquare },
  { to: '/people', name: 'people', Icon: Users },
  { to: '/search', name: 'search', Icon: Search },
  { to: '/security/{-$part}', name: 'security', Icon: ShieldCheck },
  { to: '/settings/{-$part}', name: 'settings', Icon: Settings },
  { to: '/admin/{-$part}', name: 'admin', Icon: SlidersHorizontal, forAdmins: true },
];
