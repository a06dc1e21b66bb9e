import { Copy, Download } from 'lucide-react';
import type { JSX } from 'react';
import { useRead } from '../../app/queries.ts';
import { saveFile } from '../../app/save-file.ts';
import { Button } from '../../kit/button.tsx';
import { Copyable } from '../../kit/copyable.tsx';
import { Page, Section } from '../../kit/page.tsx';
import { PictureGrid } from '../../kit/picture-grid.tsx';
import { QrCode } from '../../kit/qr-code.tsx';
import { say } from '../../kit/toasts.ts';
import { defineText, useText } from '../../text/language.tsx';
import styles from './own-card.module.css';

/** The own business card: for others to add one, and to verify one by. */
export function OwnCard(): JSX.Element {
  const words = useText(text);
  const { address, fingerprint, digits, pictures, link, vcard } = useRead(['card'], ({ box }) => box.card());
  const copy = (): void => void navigator.clipboard.writeText(link).then(() => say(words.copied));
  return (
    <Page title={words.title} lead={words.lead} back="/people">
      <div className={styles['card']}>
        <QrCode content={link} label={words.code(address)} />
        <div className={styles['facts']}>
          <bdi className={styles['address']}>{address}</bdi>
          <p>{words.scan}</p>
          <div className={styles['actions']}>
            <Button kind="primary" icon={<Copy />} onPress={copy}>
              {words.copyLink}
            </Button>
            <Button icon={<Download />} onPress={() => saveFile(`${address}.vcf`, vcard, 'text/vcard')}>
              {words.vcard}
            </Button>
          </div>
        </div>
      </div>
      <Section title={words.pictures} lead={words.picturesLead}>
        <div className={styles['pictures']}>
          <PictureGrid label={words.pictures} pictures={pictures} />
        </div>
      </Section>
      <Section title={words.digits} lead={words.digitsLead}>
        <Copyable label={words.digits} value={digits} />
        <Copyable label={words.fingerprint} value={fingerprint} grouped />
      </Section>
    </Page>
  );
}

const text = defineText({
  en: {
    title: 'Your business card',
    lead: 'Give it to people who are to reach you. It holds nothing secret; it says who you are and which keys are yours.',
    code: (address: string) => `QR code of the card of ${address}`,
    scan: 'Whoever scans it or follows the link adds you with these keys and no others.',
    copyLink: 'Copy the link',
    copied: 'The link was copied',
    vcard: 'Save as vCard',
    pictures: 'Your pictures',
    picturesLead: 'Read them to somebody who wants to verify you: they never change.',
    digits: 'Your number',
    digitsLead: 'The same in 60 digits, and in full.',
    fingerprint: 'Fingerprint',
  },
  de: {
    title: 'Ihre Visitenkarte',
    lead: 'Geben Sie sie Personen, die Sie erreichen sollen. Sie enthält nichts Geheimes; sie sagt, wer Sie sind und welche Schlüssel Ihre sind.',
    code: (address: string) => `QR-Code der Visitenkarte von ${address}`,
    scan: 'Wer sie scannt oder dem Link folgt, fügt Sie mit genau diesen Schlüsseln hinzu.',
    copyLink: 'Link kopieren',
    copied: 'Der Link wurde kopiert',
    vcard: 'Als vCard sichern',
    pictures: 'Ihre Bilder',
    picturesLead: 'Lesen Sie sie vor, wenn jemand Sie prüfen möchte: Sie ändern sich nie.',
    digits: 'Ihre Zahl',
    digitsLead: 'Dasselbe in 60 Ziffern, und vollständig.',
    fingerprint: 'Fingerabdruck',
  },
});
