import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Change the passphrase',
    lead: 'The old one opens nothing that is written from now on. Your other devices ask for the new one at their next start.',
    next: 'New passphrase',
    again: 'Once more',
    rule: (length: number) =>
      `At least ${length} characters. Several random words are easy to keep in mind and hard to guess.`,
    suggest: 'Suggest one',
    differ: 'This is not the same as above.',
    roaming: 'Let me sign in on a new device with address and passphrase alone',
    roamingHint:
      'Convenient, and as safe as the passphrase: whoever guesses it, and holds the server, has the account.',
    roamingForbidden: 'Your organisation forbids this.',
    change: 'Change the passphrase',
    done: 'The passphrase is changed.',
  },
  de: {
    title: 'Passphrase ändern',
    lead: 'Die alte öffnet nichts, was ab jetzt geschrieben wird. Ihre anderen Geräte fragen beim nächsten Start nach der neuen.',
    next: 'Neue Passphrase',
    again: 'Noch einmal',
    rule: (length: number) =>
      `Mindestens ${length} Zeichen. Mehrere zufällige Wörter sind leicht zu merken und schwer zu erraten.`,
    suggest: 'Eine vorschlagen',
    differ: 'Das ist nicht dasselbe wie oben.',
    roaming: 'Mich auf neuen Geräten allein mit Adresse und Passphrase anmelden lassen',
    roamingHint: 'Bequem und so sicher wie die Passphrase: Wer sie errät und den Server hat, hat das Konto.',
    roamingForbidden: 'Ihre Organisation verbietet das.',
    change: 'Passphrase ändern',
    done: 'Die Passphrase ist geändert.',
  },
});
