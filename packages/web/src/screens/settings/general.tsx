import { type JSX, useState } from 'react';
import { setPreference, usePreferences } from '../../app/preferences.ts';
import { chooseTheme, chosenTheme, type Theme, themes } from '../../app/theme.ts';
import { RadioGroup, Switch } from '../../kit/choice.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Select } from '../../kit/select.tsx';
import { defineText, useLanguage, useText } from '../../text/language.tsx';
import { languages } from '../../text/languages.ts';

/** Language, theme and keys. */
export function General(): JSX.Element {
  const words = useText(text);
  const { locale, choose } = useLanguage();
  const { enterSends } = usePreferences();
  const [theme, setTheme] = useState(chosenTheme);
  const change = (next: Theme): void => {
    chooseTheme(next);
    setTheme(next);
  };
  return (
    <Page title={words.title} back="/settings/{-$part}">
      <Section title={words.appearance}>
        <Select
          label={words.language}
          value={locale === 'de' ? 'de' : 'en'}
          options={languages.map((value) => ({ value, label: NAMES[value] }))}
          onChange={choose}
        />
        <RadioGroup
          label={words.theme}
          value={theme}
          options={themes.map((value) => ({ value, label: words.themes[value] }))}
          isRow
          onChange={change}
        />
      </Section>
      <Section title={words.input}>
        <Switch
          label={words.enterSends}
          hint={enterSends ? words.enterSendsOn : words.enterSendsOff}
          isSelected={enterSends}
          onChange={(isOn) => setPreference('enterSends', isOn)}
        />
      </Section>
    </Page>
  );
}

const NAMES = { en: 'English', de: 'Deutsch' } as const;

const text = defineText({
  en: {
    title: 'Appearance and input',
    appearance: 'Appearance',
    language: 'Language',
    theme: 'Theme',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    input: 'Writing',
    enterSends: 'Enter sends the message',
    enterSendsOn: 'Shift and Enter begin a new line.',
    enterSendsOff: 'Enter begins a new line; Ctrl and Enter send.',
  },
  de: {
    title: 'Aussehen und Eingabe',
    appearance: 'Aussehen',
    language: 'Sprache',
    theme: 'Farben',
    themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
    input: 'Schreiben',
    enterSends: 'Eingabetaste sendet die Nachricht',
    enterSendsOn: 'Umschalt und Eingabe beginnen eine neue Zeile.',
    enterSendsOff: 'Eingabe beginnt eine neue Zeile; Strg und Eingabe senden.',
  },
});
