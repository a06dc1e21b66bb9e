import { useParams } from '@tanstack/react-router';
import { Bell, CircleUser, HardDrive, Keyboard as KeyboardIcon, Lock, Palette } from 'lucide-react';
import type { JSX } from 'react';
import { Split } from '../../kit/split.tsx';
import { defineText, useText } from '../../text/language.tsx';
import { Browser } from './browser.tsx';
import { General } from './general.tsx';
import { Keyboard } from './keyboard.tsx';
import { Notifications } from './notifications.tsx';
import { OwnProfile } from './own-profile.tsx';
import { Storage } from './storage.tsx';

/** How Sotto looks and behaves in this browser, and what others see of its owner. */
export function Settings(): JSX.Element {
  const words = useText(text);
  const { part } = useParams({ strict: false });
  return (
    <Split
      title={words.title}
      place="/settings"
      open={part}
      parts={[
        { key: 'general', label: words.general, Icon: Palette, Part: General },
        { key: 'profile', label: words.profile, Icon: CircleUser, Part: OwnProfile },
        { key: 'notifications', label: words.notifications, Icon: Bell, Part: Notifications },
        { key: 'keyboard', label: words.keyboard, Icon: KeyboardIcon, Part: Keyboard },
        { key: 'storage', label: words.storage, Icon: HardDrive, Part: Storage },
        { key: 'browser', label: words.browser, Icon: Lock, Part: Browser },
      ]}
    />
  );
}

const text = defineText({
  en: {
    title: 'Settings',
    general: 'Appearance and input',
    profile: 'Profile and presence',
    notifications: 'Notifications',
    keyboard: 'Keyboard',
    storage: 'Storage',
    browser: 'Accounts and locking',
  },
  de: {
    title: 'Einstellungen',
    general: 'Aussehen und Eingabe',
    profile: 'Profil und Anwesenheit',
    notifications: 'Benachrichtigungen',
    keyboard: 'Tastatur',
    storage: 'Speicher',
    browser: 'Konten und Sperre',
  },
});
