import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Create your account',
    lead: (domain: string) =>
      `At ${domain}. If you began before and it broke off, enter the same name and passphrase: it goes on from there.`,
    name: {
      label: 'Your name in the address',
      hint: (address: string) => `People reach you as ${address}. It stays as it is.`,
      yours: 'name',
      wrong: 'Use letters from a to z, digits, and single dots, hyphens or underscores inside.',
    },
    more: 'More choices',
    roaming: {
      label: 'On another computer',
      on: 'Address and passphrase are enough',
      onHint:
        'You can sign in anywhere. The account is then as strong as the passphrase, also against whoever holds the server.',
      off: 'A device or the recovery key is needed as well',
      offHint: 'You link new devices with one that you have. Choose this with a passphrase of your own making.',
      weak: 'This passphrase is weak for signing in anywhere',
      weakHint:
        'Whoever holds the server could guess it. Draw six words instead, or let new devices be linked with one that you have.',
    },
    suite: {
      label: 'Kind of keys',
      hybrid: 'Modern, also safe against quantum computers',
      hybridHint: 'The right one unless your rules say otherwise.',
      classic: 'Classic: RSA, for openssl and S/MIME',
      classicHint: 'When your rules ask for RSA, or when mail programs of others shall encrypt to you.',
    },
    create: 'Create the account',
    wait: (seconds: number) => `Try again in ${seconds} s`,
    making: 'Your account is being made',
    makingLead: 'All keys are made on this device. It takes a few seconds.',
  },
  de: {
    title: 'Ihr Konto anlegen',
    lead: (domain: string) =>
      `Bei ${domain}. Haben Sie schon begonnen und es brach ab, geben Sie denselben Namen und dieselbe Passphrase ein: Es geht dort weiter.`,
    name: {
      label: 'Ihr Name in der Adresse',
      hint: (address: string) => `Andere erreichen Sie als ${address}. Das bleibt so.`,
      yours: 'name',
      wrong: 'Nehmen Sie Buchstaben von a bis z, Ziffern und innen einzelne Punkte, Binde- oder Unterstriche.',
    },
    more: 'Weitere Möglichkeiten',
    roaming: {
      label: 'An einem anderen Computer',
      on: 'Adresse und Passphrase genügen',
      onHint:
        'Sie können sich überall anmelden. Das Konto ist dann so stark wie die Passphrase, auch gegen den, der den Server hat.',
      off: 'Dazu braucht es ein Gerät oder den Wiederherstellungsschlüssel',
      offHint:
        'Neue Geräte verbinden Sie mit einem, das Sie haben. Das Richtige für eine selbst ausgedachte Passphrase.',
      weak: 'Diese Passphrase ist schwach, um sich überall anzumelden',
      weakHint:
        'Wer den Server hat, könnte sie erraten. Losen Sie lieber sechs Wörter aus, oder verbinden Sie neue Geräte mit einem, das Sie haben.',
    },
    suite: {
      label: 'Art der Schlüssel',
      hybrid: 'Modern, auch gegen Quantencomputer sicher',
      hybridHint: 'Das Richtige, wenn Ihre Regeln nichts anderes sagen.',
      classic: 'Klassisch: RSA, für openssl und S/MIME',
      classicHint: 'Wenn Ihre Regeln RSA verlangen oder Mailprogramme anderer an Sie verschlüsseln sollen.',
    },
    create: 'Konto anlegen',
    wait: (seconds: number) => `Noch einmal in ${seconds} s`,
    making: 'Ihr Konto entsteht',
    makingLead: 'Alle Schlüssel entstehen auf diesem Gerät. Es dauert ein paar Sekunden.',
  },
});
