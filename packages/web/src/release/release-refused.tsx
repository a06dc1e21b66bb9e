import { ShieldAlert } from 'lucide-react';
import { type JSX, useEffect, useRef } from 'react';
import { Button } from '../kit/button.tsx';
import { Copyable } from '../kit/copyable.tsx';
import { useText } from '../text/language.tsx';
import { acceptReleaseKey, putRefusalAway } from './release.ts';
import styles from './release-refused.module.css';
import { isWithoutGuardian, type Refusal } from './state.ts';
import { text } from './text.ts';

/** A release that was refused, over the whole window: nobody is to overlook it. */
export function ReleaseRefused({ refusal }: { readonly refusal: Refusal }): JSX.Element {
  const words = useText(text);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { code, path } = refusal;
  const isUnguarded = isWithoutGuardian(refusal);
  return (
    <main className={styles['screen']}>
      <div className={styles['sheet']}>
        <ShieldAlert aria-hidden="true" className={styles['sign']} />
        <h1 ref={heading} tabIndex={-1}>
          {words[code].title}
        </h1>
        <p>{words[code].what}</p>
        <p>
          <strong>{code === 'worker-gone' ? words.gone : isUnguarded ? words.unsafe : words.safe}</strong>
        </p>
        {!isUnguarded && <p>{words.advice}</p>}
        <NewKey refusal={refusal} />
        <dl className={styles['facts']}>
          <dt>{words.code}</dt>
          <dd>
            <Copyable label={words.code} value={code} />
          </dd>
          {path !== null && (
            <>
              <dt>{words.file}</dt>
              <dd>
                <code>{path}</code>
              </dd>
            </>
          )}
        </dl>
        {!isUnguarded && (
          <div className={styles['actions']}>
            <Button kind="primary" onPress={() => void putRefusalAway()}>
              {words.goOn}
            </Button>
          </div>
        )}
      </div>
    </main>
  );
}

/** A new key may be right: whoever has compared it can say so. */
function NewKey({ refusal: { code, keyFingerprint } }: { readonly refusal: Refusal }): JSX.Element | null {
  const words = useText(text);
  if (code !== 'release-key-changed' || keyFingerprint === null) return null;
  return (
    <div className={styles['key']}>
      <p>{words.compare}</p>
      <Copyable label={words.fingerprint} value={keyFingerprint} grouped />
      <div>
        <Button onPress={() => void acceptReleaseKey(keyFingerprint)}>{words.accept}</Button>
      </div>
    </div>
  );
}
