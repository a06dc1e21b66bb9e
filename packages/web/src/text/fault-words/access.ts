import { alike, type FaultWordTable, words } from './words.ts';

/** Ways in: invitations, passphrases, new devices, the recovery key. */
export const accessWords: FaultWordTable = {
  'invitation-malformed': words('unchanged', {
    en: ['This is no whole invitation', 'Copy the whole link, from https:// to its last letter.'],
    de: ['Das ist keine vollständige Einladung', 'Kopieren Sie den ganzen Link, von https:// bis zum letzten Zeichen.'],
  }),
  'invitation-unknown': words('unchanged', {
    en: ['This server knows no such invitation', 'Check that the link is whole, or ask for a new one.'],
    de: [
      'Diese Einladung kennt der Server nicht',
      'Prüfen Sie, ob der Link vollständig ist, oder bitten Sie um einen neuen.',
    ],
  }),
  'invitation-used': words('unchanged', {
    en: [
      'This invitation was used before',
      'Each is good for one account. If it was you, sign in; if not, tell whoever invited you and ask for a new one.',
    ],
    de: [
      'Diese Einladung wurde schon benutzt',
      'Jede gilt für ein Konto. Waren Sie es selbst, melden Sie sich an; wenn nicht, sagen Sie es, und bitten Sie um eine neue.',
    ],
  }),
  'invitation-expired': words('unchanged', {
    en: ['This invitation has expired', 'Ask whoever sent it for a new one.'],
    de: ['Diese Einladung ist abgelaufen', 'Bitten Sie, wer sie geschickt hat, um eine neue.'],
  }),
  'address-taken': words('unchanged', {
    en: ['This name is taken', 'Choose another one; an address is never given out twice.'],
    de: ['Dieser Name ist vergeben', 'Wählen Sie einen anderen; keine Adresse wird zweimal vergeben.'],
  }),
  'address-look-alike': words('unchanged', {
    en: [
      'This name looks too much like one that exists',
      'Choose another one, so that nobody can be mistaken for somebody else.',
    ],
    de: [
      'Dieser Name sieht einem vorhandenen zu ähnlich',
      'Wählen Sie einen anderen, damit niemand mit jemand anderem verwechselt wird.',
    ],
  }),
  'policy-key-mismatch': words('unchanged', {
    en: ['The invitation is of another organisation than the server', 'Do not go on; ask for a new invitation.'],
    de: [
      'Die Einladung ist von einer anderen Organisation als der Server',
      'Machen Sie nicht weiter; bitten Sie um eine neue Einladung.',
    ],
  }),
  'sign-up-incomplete': words('unchanged', {
    en: [
      'The sign-up is not finished',
      'Open the invitation again in this browser, with the same name and passphrase: it goes on where it was.',
    ],
    de: [
      'Die Anmeldung ist nicht abgeschlossen',
      'Öffnen Sie die Einladung in diesem Browser noch einmal, mit demselben Namen und derselben Passphrase: Es geht dort weiter.',
    ],
  }),
  'sign-up-unfinished': words('unchanged', {
    en: ['This account was never finished', 'Finish it in the browser or on the device where it was begun.'],
    de: [
      'Dieses Konto wurde nie fertiggestellt',
      'Stellen Sie es in dem Browser oder auf dem Gerät fertig, wo es begonnen wurde.',
    ],
  }),
  'sign-up-expired': words('unchanged', {
    en: ['The sign-up was left for too long', 'Begin again with a new invitation.'],
    de: ['Die Anmeldung lag zu lange', 'Beginnen Sie mit einer neuen Einladung noch einmal.'],
  }),
  'passphrase-too-weak': words('unchanged', {
    en: [
      'This passphrase is too easy to guess',
      'Use more than 20 characters, or 8 and more with small and capital letters, digits and signs. Six words drawn by chance are strong and can be learnt.',
    ],
    de: [
      'Diese Passphrase ist zu leicht zu erraten',
      'Nehmen Sie mehr als 20 Zeichen, oder 8 und mehr mit kleinen und großen Buchstaben, Ziffern und Zeichen. Sechs ausgeloste Wörter sind stark und lassen sich lernen.',
    ],
  }),
  'account-exists': words('unchanged', {
    en: ['This account is in this browser already', 'Unlock it with its passphrase.'],
    de: ['Dieses Konto ist schon in diesem Browser', 'Entsperren Sie es mit seiner Passphrase.'],
  }),
  'no-account': words('unchanged', {
    en: [
      'There is no such account in this browser',
      'Sign in, link this device, or open the invitation again if a sign-up broke off.',
    ],
    de: [
      'Dieses Konto gibt es in diesem Browser nicht',
      'Melden Sie sich an, verbinden Sie dieses Gerät, oder öffnen Sie die Einladung noch einmal, wenn etwas abbrach.',
    ],
  }),
  'wrong-passphrase': words('unchanged', {
    en: [
      'This passphrase is not the right one',
      'Check capital letters and the keyboard’s language. Nobody can reset it for you; the recovery key opens the account without it.',
    ],
    de: [
      'Das ist nicht die richtige Passphrase',
      'Prüfen Sie Großschreibung und Tastatursprache. Niemand kann sie zurücksetzen; der Wiederherstellungsschlüssel öffnet das Konto ohne sie.',
    ],
  }),
  'server-auth-failed': words('unchanged', {
    en: ['Address and passphrase do not belong together', 'Check both and try again.'],
    de: ['Adresse und Passphrase passen nicht zusammen', 'Prüfen Sie beides und versuchen Sie es noch einmal.'],
  }),
  locked: words('unchanged', {
    en: [
      'The vault is locked',
      'Unlock it with your passphrase; a vault with a passphrase of its own needs that, too.',
    ],
    de: [
      'Der Tresor ist gesperrt',
      'Entsperren Sie ihn mit Ihrer Passphrase; ein Tresor mit eigener Passphrase braucht auch diese.',
    ],
  }),
  ...alike(
    ['throttled', 'proof-of-work-needed'],
    words('unchanged', {
      en: [
        'There were too many attempts',
        'Wait a while. This slows down whoever guesses passphrases; your other devices go on working.',
      ],
      de: [
        'Es gab zu viele Versuche',
        'Warten Sie eine Weile. Das bremst, wer Passphrasen rät; Ihre anderen Geräte arbeiten weiter.',
      ],
    }),
  ),
  'wrong-passkey': words('unchanged', {
    en: [
      'This passkey does not open this vault',
      'Choose the one that was made for this account here, or use the passphrase.',
    ],
    de: [
      'Dieser Passkey öffnet diesen Tresor nicht',
      'Nehmen Sie den, der für dieses Konto hier angelegt wurde, oder die Passphrase.',
    ],
  }),
  'passkey-unknown': words('unchanged', {
    en: [
      'This passkey does not open this vault any more',
      'It was removed, or the passphrase was changed since. Use the passphrase; you can add the passkey again.',
    ],
    de: [
      'Dieser Passkey öffnet diesen Tresor nicht mehr',
      'Er wurde entfernt, oder die Passphrase wurde seitdem geändert. Nehmen Sie die Passphrase; danach können Sie ihn wieder hinzufügen.',
    ],
  }),
  'passphrase-needed': words('unchanged', {
    en: [
      'It is time to type the passphrase again',
      'Your organisation wants it from time to time. The passkey works again afterwards.',
    ],
    de: [
      'Die Passphrase ist wieder einmal einzugeben',
      'Ihre Organisation verlangt das von Zeit zu Zeit. Danach geht es wieder mit dem Passkey.',
    ],
  }),
  'vault-needs-server': words('unchanged', {
    en: [
      'The home server cannot be reached, and this vault needs it',
      'Check the network and try again. Whether the passphrase is right cannot be said yet.',
    ],
    de: [
      'Der Heimserver ist nicht erreichbar, und dieser Tresor braucht ihn',
      'Prüfen Sie das Netz und versuchen Sie es noch einmal. Ob die Passphrase stimmt, lässt sich noch nicht sagen.',
    ],
  }),
  'device-revoked': words('unchanged', {
    en: ['This device was removed from the account', 'Sign in or link it anew if that was not meant.'],
    de: [
      'Dieses Gerät wurde aus dem Konto entfernt',
      'Melden Sie sich neu an oder verbinden Sie es neu, wenn das nicht gewollt war.',
    ],
  }),
  'device-unknown': words('unchanged', {
    en: ['The server does not know this device', 'Check that it is the right server; then ask your administrator.'],
    de: [
      'Der Server kennt dieses Gerät nicht',
      'Prüfen Sie, ob es der richtige Server ist; fragen Sie dann Ihren Administrator.',
    ],
  }),
  'roaming-off': words('unchanged', {
    en: [
      'This account takes no new device by passphrase alone',
      'Link this device with one that you have, or use the recovery key.',
    ],
    de: [
      'Dieses Konto nimmt kein neues Gerät allein durch die Passphrase',
      'Verbinden Sie dieses Gerät mit einem, das Sie haben, oder nehmen Sie den Wiederherstellungsschlüssel.',
    ],
  }),
  'kit-needed': words('unchanged', {
    en: ['This account asks for the recovery key as well', 'Enter it beside the passphrase.'],
    de: ['Dieses Konto verlangt auch den Wiederherstellungsschlüssel', 'Geben Sie ihn neben der Passphrase ein.'],
  }),
  'link-code-malformed': words('unchanged', {
    en: ['This is no whole code', 'Copy the 26 characters from the other screen; case and hyphens do not matter.'],
    de: [
      'Das ist kein vollständiger Code',
      'Übertragen Sie die 26 Zeichen vom anderen Bildschirm; Großschreibung und Striche sind gleichgültig.',
    ],
  }),
  'link-unknown': words('unchanged', {
    en: ['Nobody waits under this code', 'Check the code, and that the new device is of the same account.'],
    de: ['Unter diesem Code wartet niemand', 'Prüfen Sie den Code, und ob das neue Gerät zum selben Konto gehört.'],
  }),
  'link-used': words('unchanged', {
    en: ['This code was used before', 'Let the new device show a new one; each is good for one device.'],
    de: ['Dieser Code wurde schon benutzt', 'Lassen Sie das neue Gerät einen neuen zeigen; jeder gilt für ein Gerät.'],
  }),
  'link-expired': words('unchanged', {
    en: ['The code has expired', 'Let the new device show a new one; a code is good for ten minutes.'],
    de: ['Der Code ist abgelaufen', 'Lassen Sie das neue Gerät einen neuen zeigen; ein Code gilt zehn Minuten.'],
  }),
  'link-request-invalid': words('refused', {
    en: [
      'The device under this code is not the one that shows it',
      'Nothing was signed. Type the code again from the screen of the new device, and approve nothing else.',
    ],
    de: [
      'Das Gerät unter diesem Code ist nicht das, das ihn zeigt',
      'Nichts wurde unterschrieben. Geben Sie den Code vom Bildschirm des neuen Geräts neu ein, und bestätigen Sie nichts anderes.',
    ],
  }),
  'link-answer-invalid': words('refused', {
    en: [
      'What answered does not belong to your account',
      'This device was not admitted. Begin again with a new code; if it happens again tell your administrator.',
    ],
    de: [
      'Was geantwortet hat, gehört nicht zu Ihrem Konto',
      'Dieses Gerät wurde nicht aufgenommen. Beginnen Sie mit einem neuen Code; geschieht es wieder, sagen Sie es Ihrem Administrator.',
    ],
  }),
  'recovery-key-malformed': words('unchanged', {
    en: ['The recovery key has a typing error', 'Compare it with the kit: eight groups of four letters and digits.'],
    de: [
      'Im Wiederherstellungsschlüssel steckt ein Tippfehler',
      'Vergleichen Sie ihn mit dem Blatt: acht Gruppen aus vier Buchstaben und Ziffern.',
    ],
  }),
  'recovery-unknown': words('unchanged', {
    en: [
      'The server knows no such recovery key',
      'Check server and key. If there is a newer kit, only that one works.',
    ],
    de: [
      'Diesen Wiederherstellungsschlüssel kennt der Server nicht',
      'Prüfen Sie Server und Schlüssel. Gibt es ein neueres Blatt, gilt nur dieses.',
    ],
  }),
  'recovery-revoked': words('unchanged', {
    en: ['This recovery key was replaced', 'Use the newest one, another device, or address and passphrase.'],
    de: [
      'Dieser Wiederherstellungsschlüssel wurde ersetzt',
      'Nehmen Sie den neuesten, ein anderes Gerät oder Adresse und Passphrase.',
    ],
  }),
  'second-signer-needed': words('unchanged', {
    en: [
      'A recovery key is in force, and this device alone may not replace it',
      'Enter the old recovery key, or your passphrase if it opens the account on new devices.',
    ],
    de: [
      'Ein Wiederherstellungsschlüssel gilt, und dieses Gerät allein darf ihn nicht ersetzen',
      'Geben Sie den alten Schlüssel ein, oder Ihre Passphrase, wenn sie das Konto auf neuen Geräten öffnet.',
    ],
  }),
  'account-suspended': words('unchanged', {
    en: ['This account is suspended', 'An administrator can resume it; what is on this device stays as it is.'],
    de: [
      'Dieses Konto ist gesperrt',
      'Ein Administrator kann das aufheben; was auf diesem Gerät ist, bleibt, wie es ist.',
    ],
  }),
  'device-own': words('unchanged', {
    en: ['This is the device that you are using', 'Remove it in the settings of this browser, or from another device.'],
    de: [
      'Das ist das Gerät, das Sie benutzen',
      'Entfernen Sie es in den Einstellungen dieses Browsers oder von einem anderen Gerät aus.',
    ],
  }),
  'device-last': words('unchanged', {
    en: ['This is the last device of the account', 'Add another one first.'],
    de: ['Das ist das letzte Gerät des Kontos', 'Fügen Sie zuerst ein anderes hinzu.'],
  }),
  'device-kit': words('unchanged', {
    en: ['The recovery key cannot be removed like a device', 'Make a new one: it takes the place of the old.'],
    de: [
      'Der Wiederherstellungsschlüssel lässt sich nicht wie ein Gerät entfernen',
      'Machen Sie einen neuen: Er tritt an die Stelle des alten.',
    ],
  }),
};
