import { createContext, type JSX, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { I18nProvider } from 'react-aria-components';
import { type Language, languages } from './languages.ts';
import { pseudo } from './pseudo.ts';

/** `en-XA` is English with accents and right to left: what tests look for layouts with that break. */
type Locale = Language | 'en-XA';

/** The same words in every language; the compiler demands each of them. */
export interface Text<Words> {
  readonly en: Words;
  readonly de: Words;
}

/** Declares the words of one screen: texts, functions that make texts, and groups of them. */
export function defineText<const Words extends WordTree>(text: {
  readonly en: Words;
  readonly de: Shape<Words>;
}): Text<Shape<Words>> {
  return text as unknown as Text<Shape<Words>>;
}

type WordTree = { readonly [name: string]: string | ((...input: never[]) => string) | WordTree };
type Shape<Words> = {
  readonly [Name in keyof Words]: Words[Name] extends string
    ? string
    : Words[Name] extends (...input: infer Input) => string
      ? (...input: Input) => string
      : Shape<Words[Name]>;
};

/** The words in the language of the person. */
export function useText<Words>(text: Text<Words>): Words {
  const { locale } = useLanguage();
  return useMemo(() => (locale === 'en-XA' ? pseudo(text.en) : text[locale]), [text, locale]);
}

interface LanguageChoice {
  readonly locale: Locale;
  /** For dates and numbers. */
  readonly format: string;
  choose(language: Language): void;
}

export function useLanguage(): LanguageChoice {
  return useContext(LanguageContext);
}

/** Knows the language: the one that was chosen here, else the browser's, else English. */
export function LanguageProvider({ children }: { readonly children: ReactNode }): JSX.Element {
  const [locale, setLocale] = useState(initialLocale);
  const isPseudo = locale === 'en-XA';
  useEffect(() => {
    document.documentElement.lang = isPseudo ? 'en' : locale;
    document.documentElement.dir = isPseudo ? 'rtl' : 'ltr';
  }, [locale, isPseudo]);
  const choice = useMemo(
    (): LanguageChoice => ({
      locale,
      format: isPseudo ? 'en' : regional(locale),
      choose(language) {
        localStorage.setItem(STORED, language);
        setLocale(language);
      },
    }),
    [locale, isPseudo],
  );
  return (
    <LanguageContext value={choice}>
      <I18nProvider locale={isPseudo ? 'ar' : locale}>{children}</I18nProvider>
    </LanguageContext>
  );
}

function initialLocale(): Locale {
  const stored = localStorage.getItem(STORED);
  if (stored === 'en-XA') return stored;
  const wanted = [stored ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2));
  return wanted.map((tag) => languages.find((language) => language === tag)).find((each) => each !== undefined) ?? 'en';
}

/** As people write dates and times where this browser is from. */
function regional(language: Language): string {
  return navigator.languages.find((tag) => tag.slice(0, 2) === language) ?? language;
}

const LanguageContext = createContext<LanguageChoice>({ locale: 'en', format: 'en', choose: () => undefined });
const STORED = 'sotto.language';
