import { checkPassphrase } from '@sotto/keybox';
import { Dices } from 'lucide-react';
import { type JSX, useEffect, useState } from 'react';
import { useVaults } from '../../app/vaults.tsx';
import { Button } from '../../kit/button.tsx';
import { PassphraseField, TextField } from '../../kit/field.tsx';
import { Meter } from '../../kit/progress.tsx';
import { useText } from '../../text/language.tsx';
import { Aligned } from './form.tsx';
import styles from './new-passphrase.module.css';
import { text } from './text.ts';

/** A passphrase that is being chosen. */
export interface ChosenPassphrase {
  readonly value: string;
  readonly repeated: string;
  readonly isGenerated: boolean;
  /** 0 to 4; null until it was judged. */
  readonly score: number | null;
}

export const noPassphrase: ChosenPassphrase = { value: '', repeated: '', isGenerated: false, score: null };

/** Whether the rules allow it. */
export function isAllowed(passphrase: string): boolean {
  try {
    checkPassphrase(passphrase);
    return true;
  } catch {
    return false;
  }
}

export interface NewPassphraseProps {
  readonly chosen: ChosenPassphrase;
  /** Words that a guesser would try first. */
  readonly about: readonly string[];
  /** True once its person has tried to go on. */
  readonly isJudged: boolean;
  onChange(chosen: ChosenPassphrase): void;
}

/** Chooses a passphrase: its own or one drawn by chance, judged while it is typed, and typed twice. */
export function NewPassphrase({ chosen, about, isJudged, onChange }: NewPassphraseProps): JSX.Element {
  const words = useText(text).passphrase;
  const { gate } = useVaults();
  useScore(chosen, about, onChange);
  const { value, repeated, isGenerated } = chosen;
  const draw = async (): Promise<void> => {
    onChange({ value: await gate.generatePassphrase(), repeated: '', isGenerated: true, score: 4 });
  };
  const isWrong = isJudged && !isAllowed(value);
  const differs = isJudged && repeated !== value;
  const change = (typed: string): void => onChange({ ...chosen, value: typed, isGenerated: false, score: null });
  return (
    <div className={styles['passphrase']}>
      {isGenerated ? (
        <TextField label={words.label} value={value} onChange={change} hint={words.drawn} autoComplete="off" />
      ) : (
        <PassphraseField
          label={words.label}
          value={value}
          onChange={change}
          hint={words.rule}
          error={isWrong ? words.tooWeak : undefined}
          autoComplete="new-password"
        />
      )}
      {value !== '' && <Strength chosen={chosen} />}
      <Aligned>
        <Button kind="quiet" icon={<Dices />} onPress={() => void draw()}>
          {words.draw}
        </Button>
      </Aligned>
      <PassphraseField
        label={words.repeat}
        value={repeated}
        onChange={(typed) => onChange({ ...chosen, repeated: typed })}
        error={differs ? words.differs : undefined}
        autoComplete="new-password"
      />
    </div>
  );
}

function Strength({ chosen: { value, score } }: { readonly chosen: ChosenPassphrase }): JSX.Element {
  const words = useText(text).passphrase;
  const names = [words.score0, words.score1, words.score2, words.score3, words.score4];
  const known = value === '' ? null : score;
  return (
    <Meter
      label={words.strength}
      value={known === null ? 0 : known + 1}
      most={5}
      words={known === null ? '–' : (names[known] ?? '')}
      tone={known === null || known >= 3 ? 'good' : known === 2 ? 'warning' : 'danger'}
    />
  );
}

/** Judges what is typed, once the typing pauses. */
function useScore(
  chosen: ChosenPassphrase,
  about: readonly string[],
  onChange: (chosen: ChosenPassphrase) => void,
): void {
  const { gate } = useVaults();
  const { value, score } = chosen;
  const [asked, setAsked] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setAsked(value), PAUSE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [value]);
  useEffect(() => {
    if (asked === '' || asked !== value || score !== null) return;
    let isCurrent = true;
    void gate.passphraseScore(asked, about).then((found) => isCurrent && onChange({ ...chosen, score: found }));
    return () => {
      isCurrent = false;
    };
  }, [asked, value, score, about, chosen, gate, onChange]);
}

const PAUSE_MILLISECONDS = 200;
