import { Copy, Download, Printer } from 'lucide-react';
import { type JSX, useState } from 'react';
import { saveFile } from '../../app/save-file.ts';
import { Button } from '../../kit/button.tsx';
import { TextField } from '../../kit/field.tsx';
import { QrCode } from '../../kit/qr-code.tsx';
import { Spinner } from '../../kit/spinner.tsx';
import { say } from '../../kit/toasts.ts';
import { useText } from '../../text/language.tsx';
import { GateForm } from '../gate/form.tsx';
import styles from './kit.module.css';
import { kitLines, kitText, type RecoveryKit } from './kit-text.ts';
import { text } from './text.ts';

/** The key, this once: to print, to save, to copy; and one part of it to type, which proves that it was taken. */
export function KitSheet({
  kit,
  isInForce,
  onProved,
}: {
  readonly kit: RecoveryKit;
  readonly isInForce: boolean;
  onProved(): void;
}): JSX.Element {
  const words = useText(text);
  const copy = (): void => void navigator.clipboard.writeText(kit.key).then(() => say(words.shown.copied));
  const save = (): void => {
    const content = kitText(kit, words.sheet.title, words.sheet.advice);
    saveFile(`sotto-recovery-${kit.address}.txt`, new Blob([content], { type: 'text/plain' }));
  };
  return (
    <>
      <section className={styles['sheet']} data-printed aria-label={words.sheet.title}>
        <h2 className={styles['title']}>{words.sheet.title}</h2>
        <Groups value={kit.key} label={words.sheet.key} />
        <dl className={styles['lines']}>
          {kitLines(kit)
            .filter(([name]) => name !== 'Recovery key')
            .map(([name, value]) => (
              <div key={name}>
                <dt>{words.sheet.names[name as keyof typeof words.sheet.names]}</dt>
                <dd>
                  <bdi>{value}</bdi>
                </dd>
              </div>
            ))}
        </dl>
        <div className={styles['picture']}>
          <QrCode content={kit.key} label={words.sheet.picture} />
        </div>
        <p className={styles['advice']}>{words.sheet.advice}</p>
      </section>
      {isInForce ? (
        <>
          <div className={styles['actions']}>
            <Button icon={<Printer />} onPress={() => print()}>
              {words.shown.print}
            </Button>
            <Button icon={<Download />} onPress={save}>
              {words.shown.save}
            </Button>
            <Button icon={<Copy />} onPress={copy}>
              {words.shown.copy}
            </Button>
          </div>
          <Proof kit={kit} onProved={onProved} />
        </>
      ) : (
        <p className={styles['pending']} role="status">
          <Spinner /> {words.shown.pending}
        </p>
      )}
    </>
  );
}

function Groups({ value, label }: { readonly value: string; readonly label: string }): JSX.Element {
  return (
    <p className={styles['key']}>
      <span className={styles['hidden']}>{label}: </span>
      {value.split('-').map((group, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the groups of one key never move
        <code key={at}>{group}</code>
      ))}
    </p>
  );
}

/** One group of the key, typed from where it was put. */
function Proof({ kit, onProved }: { readonly kit: RecoveryKit; onProved(): void }): JSX.Element {
  const words = useText(text).proof;
  const [at] = useState(() => Math.floor(Math.random() * 8));
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const submit = (): void => {
    if (spelt(typed) === kit.key.split('-')[at]) onProved();
    else setWrong(true);
  };
  return (
    <GateForm onSubmit={submit} label={words.title}>
      <TextField
        label={words.label(at + 1)}
        hint={words.hint}
        value={typed}
        onChange={(next) => {
          setTyped(next);
          setWrong(false);
        }}
        error={isWrong ? words.wrong : undefined}
        autoComplete="off"
        spellCheck="false"
        maxLength={8}
      />
      <Button type="submit" kind="primary" wide>
        {words.go}
      </Button>
    </GateForm>
  );
}

/** Letters that look like digits are those digits, as in the key. */
function spelt(typed: string): string {
  return typed.trim().toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
}
