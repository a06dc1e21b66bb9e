import type { ComparisonView } from '@sotto/keybox';
import type { JSX } from 'react';
import { useAct } from '../../app/asked.ts';
import { CodeScanner } from '../../kit/code-scanner.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { QrCode } from '../../kit/qr-code.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './comparison-text.ts';
import styles from './person.module.css';

/** The code for the other to scan, and scanning theirs. */
export function ComparedCode({
  view: { theirs, code },
  onVerified,
}: {
  readonly view: ComparisonView;
  onVerified(): void;
}): JSX.Element {
  const words = useText(text);
  const scan = useAct(({ box }, scanned: string) => box.people.scan(theirs.address, scanned), { after: onVerified });
  return (
    <div className={styles['halves']}>
      <section className={styles['half']}>
        <h3>{words.show}</h3>
        <p className={styles['soft']}>{words.showWhat}</p>
        <QrCode content={code} label={words.codeLabel(theirs.address)} />
      </section>
      <section className={styles['half']}>
        <h3>{words.scan}</h3>
        <p className={styles['soft']}>{words.scanWhat}</p>
        <CodeScanner label={words.paste} isPending={scan.isPending} onCode={(scanned) => scan.mutate(scanned)} />
        {scan.error !== null && <FaultNotice fault={scan.error} />}
      </section>
    </div>
  );
}
