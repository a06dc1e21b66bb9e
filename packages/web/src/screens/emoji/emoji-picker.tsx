import { type JSX, type KeyboardEvent, useMemo, useState } from 'react';
import { defineText, useText } from '../../text/language.tsx';
import { findEmojis, frequentEmojis } from './emoji.ts';
import styles from './emoji-picker.module.css';

/** A sign to choose, found by words; arrow keys walk, Enter takes. */
export function EmojiPicker({ onChoose }: { onChoose(sign: string): void }): JSX.Element {
  const words = useText(text);
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(() => {
    const all = findEmojis(typed);
    if (typed.trim() !== '') return all;
    const first = frequentEmojis.flatMap((sign) => all.filter((each) => each.sign === sign));
    return [...first, ...all.filter(({ sign }) => !frequentEmojis.includes(sign))];
  }, [typed]);
  const press = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(found.length - 1, at + step)));
    }
    if (event.key === 'Enter' && found[at] !== undefined) {
      event.preventDefault();
      onChoose(found[at].sign);
    }
  };
  return (
    <div className={styles['picker']}>
      <input
        className={styles['find']}
        // biome-ignore lint/a11y/noAutofocus: it was opened to choose, and typing finds.
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="emoji-list"
        aria-activedescendant={found[at] === undefined ? undefined : `emoji-${at}`}
        aria-label={words.find}
        placeholder={words.find}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id="emoji-list" className={styles['grid']} role="listbox" aria-label={words.label}>
        {found.map(({ sign, words: names }, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field above.
          <div
            key={sign}
            id={`emoji-${i}`}
            className={styles['sign']}
            role="option"
            aria-selected={i === at}
            aria-label={`${sign} ${names.split(' / ')[0]}`}
            tabIndex={-1}
            title={names.split(' / ')[0]}
            onPointerMove={() => setAt(i)}
            onClick={() => onChoose(sign)}
          >
            {sign}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className={styles['none']}>{words.none}</p>}
    </div>
  );
}

const COLUMNS = 8;
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowLeft: -1,
  ArrowDown: COLUMNS,
  ArrowUp: -COLUMNS,
};

const text = defineText({
  en: { label: 'Signs', find: 'Find a sign', none: 'No sign is called that' },
  de: { label: 'Zeichen', find: 'Zeichen finden', none: 'So heißt kein Zeichen' },
});
