import { parseHex } from '@sotto/bytes';
import type { ContactView } from '@sotto/keybox';
import { Check, X } from 'lucide-react';
import { type JSX, useState } from 'react';
import { useAct } from '../../app/asked.ts';
import { useRead } from '../../app/queries.ts';
import { Button } from '../../kit/button.tsx';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { Tabs } from '../../kit/tabs.tsx';
import { say } from '../../kit/toasts.ts';
import { useText } from '../../text/language.tsx';
import { ComparedCode } from './compared-code.tsx';
import { ComparedDigits } from './compared-digits.tsx';
import { ComparedPictures } from './compared-pictures.tsx';
import { text } from './comparison-text.ts';
import styles from './person.module.css';

type Way = 'pictures' | 'digits' | 'code';

/** What two people compare, in three ways, and what came of it. */
export function Comparison({
  address,
  onEnd,
}: {
  readonly address: ContactView['address'];
  onEnd(hasDiffered: boolean): void;
}): JSX.Element {
  const words = useText(text);
  const [way, setWay] = useState<Way>('pictures');
  const view = useRead(['comparison', address], ({ box }) => box.people.compare(address));
  const done = (): void => {
    say(words.verified(address));
    onEnd(false);
  };
  const ways = (['pictures', 'digits', 'code'] as const).map((key) => ({ key, label: words[key] }));
  return (
    <div className={styles['comparison']}>
      <Tabs label={words.ways} selected={way} tabs={ways} onSelect={(next) => setWay(next)}>
        {way === 'pictures' && <ComparedPictures view={view} />}
        {way === 'digits' && <ComparedDigits view={view} />}
        {way === 'code' && <ComparedCode view={view} onVerified={done} />}
      </Tabs>
      {way !== 'code' && (
        <Answer address={address} fingerprint={view.theirs.fingerprint} onMatch={done} onDiffer={() => onEnd(true)} />
      )}
    </div>
  );
}

function Answer({
  address,
  fingerprint,
  onMatch,
  onDiffer,
}: {
  readonly address: ContactView['address'];
  readonly fingerprint: string;
  onMatch(): void;
  onDiffer(): void;
}): JSX.Element {
  const words = useText(text);
  const [isDoubting, setDoubting] = useState(false);
  const verify = useAct(({ box }, known: string) => box.verifyContact(address, parseHex(known)), { after: onMatch });
  const mismatch = useAct(({ box }, who: ContactView['address']) => box.people.mismatch(who), { after: onDiffer });
  return (
    <>
      <div className={styles['answers']}>
        <Button icon={<X />} onPress={() => setDoubting(true)}>
          {words.differ}
        </Button>
        <Button kind="primary" icon={<Check />} isPending={verify.isPending} onPress={() => verify.mutate(fingerprint)}>
          {words.match}
        </Button>
      </div>
      {verify.error !== null && <FaultNotice fault={verify.error} />}
      <ConfirmDialog
        title={words.differTitle}
        action={words.differDo}
        isDangerous
        isOpen={isDoubting}
        isPending={mismatch.isPending}
        fault={mismatch.error}
        onConfirm={() => mismatch.mutate(address)}
        onClose={() => setDoubting(false)}
      >
        <p>{words.differWhat}</p>
      </ConfirmDialog>
    </>
  );
}
