import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Unlock',
    device: (device: string, server: string) => `${device} · ${server}`,
    passphrase: 'Passphrase',
    vaultPassphrase: 'Passphrase of the vault on this device',
    wrong: 'This is not the right passphrase.',
    wrongHint: 'Check capital letters and the language of the keyboard. Nobody can reset it.',
    unlock: 'Unlock',
    passkey: 'Unlock with a passkey',
    wait: (time: string) => `Too many attempts: again in ${time}`,
    ways: 'Other ways',
    other: { title: 'Use another account', detail: 'Of those in this browser, or a new one' },
    forgotten: { title: 'I have forgotten my passphrase', detail: 'The recovery key sets a new one' },
    remove: {
      button: 'Remove this account from this browser',
      title: 'Remove the account from this browser?',
      what: 'Its encrypted vault here is deleted. What was not sent yet is lost; everything else stays at the server and on your other devices.',
      back: 'To come back you need your passphrase and another device, or the recovery key.',
      action: 'Remove',
    },
  },
  de: {
    title: 'Entsperren',
    device: (device: string, server: string) => `${device} · ${server}`,
    passphrase: 'Passphrase',
    vaultPassphrase: 'Passphrase des Tresors auf diesem Gerät',
    wrong: 'Das ist nicht die richtige Passphrase.',
    wrongHint: 'Prüfen Sie Großschreibung und Tastatursprache. Niemand kann sie zurücksetzen.',
    unlock: 'Entsperren',
    passkey: 'Mit einem Passkey entsperren',
    wait: (time: string) => `Zu viele Versuche: wieder in ${time}`,
    ways: 'Andere Wege',
    other: { title: 'Ein anderes Konto benutzen', detail: 'Eines aus diesem Browser oder ein neues' },
    forgotten: {
      title: 'Ich habe meine Passphrase vergessen',
      detail: 'Der Wiederherstellungsschlüssel setzt eine neue',
    },
    remove: {
      button: 'Dieses Konto aus diesem Browser entfernen',
      title: 'Das Konto aus diesem Browser entfernen?',
      what: 'Sein verschlüsselter Tresor hier wird gelöscht. Was noch nicht gesendet war, ist verloren; alles andere bleibt am Server und auf Ihren anderen Geräten.',
      back: 'Um zurückzukommen, brauchen Sie Ihre Passphrase und ein anderes Gerät, oder den Wiederherstellungsschlüssel.',
      action: 'Entfernen',
    },
  },
});
