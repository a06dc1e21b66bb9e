import { Check, Copy } from 'lucide-react';
import { type JSX, useState } from 'react';
import { defineText, useText } from '../text/language.tsx';
import { IconButton } from './button.tsx';
import styles from './copyable.module.css';

/** A value to read out or to carry elsewhere; `grouped` splits a fingerprint into fours. */
export function Copyable({
  label,
  value,
  grouped = false,
}: {
  /** What it is: says what the button copies. */
  readonly label: string;
  readonly value: string;
  readonly grouped?: boolean;
}): JSX.Element {
  const words = useText(text);
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(value).then(() => setCopied(true));
    setTimeout(() => setCopied(false), COPIED_MILLISECONDS);
  };
  return (
    <span className={styles['copyable']}>
      <code className={styles['value']}>{grouped ? <Groups value={value} /> : value}</code>
      <IconButton
        label={isCopied ? words.copied : words.copy(label)}
        icon={isCopied ? <Check /> : <Copy />}
        onPress={copy}
      />
    </span>
  );
}

function Groups({ value }: { readonly value: string }): JSX.Element {
  const groups = value.match(/.{1,4}/g) ?? [];
  return (
    <>
      {groups.map((group, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the groups of one value never move
        <span key={at}>{group}</span>
      ))}
    </>
  );
}

const text = defineText({
  en: { copy: (what: string) => `Copy: ${what}`, copied: 'Copied' },
  de: { copy: (what: string) => `Kopieren: ${what}`, copied: 'Kopiert' },
});

const COPIED_MILLISECONDS = 2500;
