import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Sign in on this computer',
    lead: 'This browser becomes a device of your account. Your other devices and your contacts are told.',
    signingIn: 'Signing in',
    passphrase: 'Passphrase',
    needed: 'Enter your passphrase.',
    recoveryKey: 'Recovery key',
    recoveryKeyHint: 'This account asks for it beside the passphrase: eight groups of four letters and digits.',
    go: 'Sign in',
    wait: (time: string) => `Too many attempts: again in ${time}`,
    others: 'Other ways in',
    link: { title: 'Link with another device', detail: 'If your account takes no sign-in by passphrase alone' },
    recover: { title: 'Use the recovery key', detail: 'If no device is at hand' },
  },
  de: {
    title: 'An diesem Computer anmelden',
    lead: 'Dieser Browser wird ein Gerät Ihres Kontos. Ihre anderen Geräte und Ihre Kontakte erfahren es.',
    signingIn: 'Anmeldung',
    passphrase: 'Passphrase',
    needed: 'Geben Sie Ihre Passphrase ein.',
    recoveryKey: 'Wiederherstellungsschlüssel',
    recoveryKeyHint: 'Dieses Konto verlangt ihn neben der Passphrase: acht Gruppen aus vier Buchstaben und Ziffern.',
    go: 'Anmelden',
    wait: (time: string) => `Zu viele Versuche: wieder in ${time}`,
    others: 'Andere Wege',
    link: {
      title: 'Mit einem anderen Gerät verbinden',
      detail: 'Wenn bei Ihrem Konto die Passphrase allein nicht genügt',
    },
    recover: { title: 'Wiederherstellungsschlüssel benutzen', detail: 'Wenn kein Gerät zur Hand ist' },
  },
});
