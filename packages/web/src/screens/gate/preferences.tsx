import { Languages, Moon, Sun, SunMoon } from 'lucide-react';
import { type JSX, useState } from 'react';
import { chooseTheme, chosenTheme, type Theme } from '../../app/theme.ts';
import { IconButton } from '../../kit/button.tsx';
import { Menu } from '../../kit/menu.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import styles from './preferences.module.css';
import { text } from './text.ts';

/** Language and theme, before there is an account whose settings could say. */
export function Preferences(): JSX.Element {
  const words = useText(text);
  const { choose } = useLanguage();
  const [theme, setTheme] = useState(chosenTheme);
  const pick = (next: Theme): void => {
    chooseTheme(next);
    setTheme(next);
  };
  return (
    <div className={styles['preferences']}>
      <Menu
        trigger={<IconButton label={words.language} icon={<Languages />} />}
        label={words.language}
        entries={[
          { id: 'en', label: 'English', onAction: () => choose('en') },
          { id: 'de', label: 'Deutsch', onAction: () => choose('de') },
        ]}
      />
      <Menu
        trigger={<IconButton label={words.theme.label} icon={ICONS[theme]} />}
        label={words.theme.label}
        entries={[
          { id: 'system', label: words.theme.system, icon: ICONS.system, onAction: () => pick('system') },
          { id: 'light', label: words.theme.light, icon: ICONS.light, onAction: () => pick('light') },
          { id: 'dark', label: words.theme.dark, icon: ICONS.dark, onAction: () => pick('dark') },
        ]}
      />
    </div>
  );
}

const ICONS = { system: <SunMoon />, light: <Sun />, dark: <Moon /> } as const;
