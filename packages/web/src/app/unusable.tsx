import type { UnusableReason } from '@sotto/keybox-web';
import { ShieldAlert } from 'lucide-react';
import type { JSX } from 'react';
import { EmptyState } from '../kit/empty-state.tsx';
import { defineText, useText } from '../text/language.tsx';

/** Says why keys cannot be kept in this browser, and what would help. */
export function Unusable({ reason }: { readonly reason: UnusableReason }): JSX.Element {
  const words = useText(text);
  return (
    <main style={{ blockSize: '100%' }}>
      <EmptyState picture={<ShieldAlert />} title={words.title} isPage>
        <p>{words[reason]}</p>
        <p>
          <code>{reason}</code>
        </p>
      </EmptyState>
    </main>
  );
}

const text = defineText({
  en: {
    title: 'Sotto cannot keep your keys here',
    'private-window':
      'This is a private window: what it stores is thrown away, and often refused. Open Sotto in a normal window.',
    insecure:
      'This page came without encryption, so the browser lends it no cryptography. Use the https address of your server.',
    blocked:
      'The settings of this browser forbid pages to store data. Allow it for this address and load the page again.',
    'old-browser':
      'This browser lacks what encrypted storage needs. A current Chromium, Chrome, Edge, Firefox or Safari has it.',
  },
  de: {
    title: 'Sotto kann Ihre Schlüssel hier nicht aufbewahren',
    'private-window':
      'Dies ist ein privates Fenster: Was es speichert, wird weggeworfen und oft verweigert. Öffnen Sie Sotto in einem normalen Fenster.',
    insecure:
      'Diese Seite kam unverschlüsselt, deshalb gibt ihr der Browser keine Kryptografie. Benutzen Sie die https-Adresse Ihres Servers.',
    blocked:
      'Die Einstellungen dieses Browsers verbieten Seiten, Daten zu speichern. Erlauben Sie es für diese Adresse und laden Sie die Seite neu.',
    'old-browser':
      'Diesem Browser fehlt, was verschlüsselter Speicher braucht. Aktuelle Versionen von Chromium, Chrome, Edge, Firefox und Safari haben es.',
  },
});
