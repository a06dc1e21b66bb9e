import { type JSX, useEffect, useState } from 'react';
import { useVaults } from '../app/vaults.tsx';
import { defineText, useText } from '../text/language.tsx';
import { Meter } from './progress.tsx';

/** How a passphrase withstands guessing; `about` are words that a guesser would try first. */
export function PassphraseMeter({
  passphrase,
  about,
}: {
  readonly passphrase: string;
  readonly about: readonly string[];
}): JSX.Element {
  const words = useText(text);
  const score = useScore(passphrase, about.join(' '));
  const levels = [words.none, words.weak, words.fair, words.good, words.strong] as const;
  return (
    <Meter
      label={words.label}
      value={passphrase === '' ? 0 : score + 1}
      most={5}
      words={passphrase === '' ? '–' : (levels[score] ?? words.none)}
      tone={score < 2 ? 'danger' : score < 3 ? 'warning' : 'good'}
    />
  );
}

function useScore(passphrase: string, about: string): number {
  const { gate } = useVaults();
  const [score, setScore] = useState(0);
  useEffect(() => {
    let isNewest = true;
    // Judged when the typing pauses; an answer on an older text is dropped.
    const timer = setTimeout(async () => {
      const judged = passphrase === '' ? 0 : await gate.passphraseScore(passphrase, about.split(' '));
      if (isNewest) setScore(judged);
    }, PAUSE_MILLISECONDS);
    return () => {
      isNewest = false;
      clearTimeout(timer);
    };
  }, [gate, passphrase, about]);
  return score;
}

const text = defineText({
  en: {
    label: 'Withstands guessing',
    none: 'not at all',
    weak: 'hardly',
    fair: 'a little',
    good: 'well',
    strong: 'very well',
  },
  de: {
    label: 'Widersteht dem Erraten',
    none: 'gar nicht',
    weak: 'kaum',
    fair: 'ein wenig',
    good: 'gut',
    strong: 'sehr gut',
  },
});

const PAUSE_MILLISECONDS = 200;
