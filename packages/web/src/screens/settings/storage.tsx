import type { JSX } from 'react';
import { useAct } from '../../app/asked.ts';
import { useRead } from '../../app/queries.ts';
import { Button } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { Notice } from '../../kit/notice.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { Meter } from '../../kit/progress.tsx';
import { defineText, useLanguage, useText } from '../../text/language.tsx';

/** How much of the browser's storage is used, and whether the browser may throw it away. */
export function Storage(): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  const { usedBytes, quotaBytes, persisted, portable } = useRead(['storage'], ({ gate }) => gate.storage());
  const persist = useAct(({ gate }, _: null) => gate.persist());
  const size = (bytes: number): string =>
    new Intl.NumberFormat(format, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(bytes / 1e6);
  const share = quotaBytes > 0 ? usedBytes / quotaBytes : 0;
  return (
    <Page title={words.title} back="/settings/{-$part}">
      <Meter
        label={words.used}
        value={usedBytes}
        most={quotaBytes}
        words={words.of(size(usedBytes), size(quotaBytes))}
        tone={share > 0.9 ? 'danger' : share > 0.75 ? 'warning' : 'good'}
      />
      <Notice
        tone={persisted ? 'info' : 'warning'}
        title={persisted ? words.kept : words.notKept}
        actions={
          !persisted && (
            <Button kind="primary" isPending={persist.isPending} onPress={() => persist.mutate(null)}>
              {words.keep}
            </Button>
          )
        }
      >
        <p>{persisted ? words.keptDetail : words.notKeptDetail}</p>
        {persist.data === false && <p>{words.refused}</p>}
      </Notice>
      {persist.error !== null && <FaultNotice fault={persist.error} />}
      {portable.length > 0 && (
        <Section title={words.portable} lead={words.portableDetail}>
          <p>{portable.join(', ')}</p>
        </Section>
      )}
    </Page>
  );
}

const text = defineText({
  en: {
    title: 'Storage',
    used: 'Used in this browser',
    of: (used: string, quota: string) => `${used} of ${quota}`,
    kept: 'The browser keeps your data',
    keptDetail: 'It does not throw it away, even if space gets scarce.',
    notKept: 'The browser may throw your data away',
    notKeptDetail:
      'If space gets scarce it may erase your keys and messages here. They come back from the server only with another device or the recovery key.',
    keep: 'Keep my data',
    refused: 'The browser has not agreed. Installing Sotto, or setting a bookmark on it, often helps.',
    portable: 'Slower than need be',
    portableDetail: 'This browser lacks the following; Sotto brings its own:',
  },
  de: {
    title: 'Speicher',
    used: 'In diesem Browser belegt',
    of: (used: string, quota: string) => `${used} von ${quota}`,
    kept: 'Der Browser bewahrt Ihre Daten auf',
    keptDetail: 'Er wirft sie nicht weg, auch wenn der Platz knapp wird.',
    notKept: 'Der Browser darf Ihre Daten wegwerfen',
    notKeptDetail:
      'Wird der Platz knapp, kann er Ihre Schlüssel und Nachrichten hier löschen. Vom Server kommen sie nur mit einem anderen Gerät oder dem Wiederherstellungsschlüssel zurück.',
    keep: 'Meine Daten behalten',
    refused: 'Der Browser hat nicht zugestimmt. Oft hilft es, Sotto zu installieren oder ein Lesezeichen zu setzen.',
    portable: 'Langsamer als nötig',
    portableDetail: 'Diesem Browser fehlt Folgendes; Sotto bringt es selbst mit:',
  },
});
