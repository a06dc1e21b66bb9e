import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Your recovery key',
    lead: 'One key on paper that opens your account when the passphrase is forgotten or every device is lost.',
    why: 'Nobody can reset your passphrase, so this key is your second way in. It is shown once: have paper or a printer at hand.',
    make: 'Show my recovery key',
    later: 'Later: remind me',
    replace: {
      hint: 'A recovery key is in force. To replace it, enter the old one, or your passphrase if it opens the account on other computers.',
      oldKey: 'Old recovery key',
      passphrase: 'or passphrase',
    },
    shown: {
      title: 'Keep this key on paper',
      lead: 'It is shown this once. Print it or write it down, and keep it where you keep what matters.',
      pending: 'It is being put in force. Wait a moment before you leave.',
      print: 'Print',
      save: 'Save as text',
      copy: 'Copy the key',
      copied: 'The key is copied. Do not leave it in the clipboard.',
    },
    sheet: {
      title: 'Sotto recovery kit',
      key: 'Recovery key',
      picture: 'QR code of the recovery key',
      names: {
        Address: 'Address',
        'Home server': 'Home server',
        Fingerprint: 'Fingerprint',
        Authority: 'Authority',
        Made: 'Made',
      },
      advice:
        'Whoever has this page can take over the account: keep it on paper, locked away. It is needed when every device is lost or the passphrase is forgotten: open the home server and choose “I have a recovery key”.',
    },
    proof: {
      title: 'Prove that you have it',
      label: (group: number) => `Type group ${group} of the key`,
      hint: 'From your paper, not from the screen.',
      wrong: 'This is another group, or it was written down wrong.',
      go: 'I have it',
    },
    done: {
      title: 'You can always come back',
      lead: 'The recovery key is in force. It stays the same until you make a new one.',
      go: 'To your rooms',
    },
    keyFile: {
      title: 'Key file for other programs (PKCS#12)',
      what: 'Certificate and certificate key of this device, for programs such as openssl or mail clients. Most people need none.',
      passphrase: 'Passphrase for the file',
      weak: 'More than 20 characters, or 8 with small and capital letters, digits and signs.',
      save: 'Save the file',
    },
  },
  de: {
    title: 'Ihr Wiederherstellungsschlüssel',
    lead: 'Ein Schlüssel auf Papier, der Ihr Konto öffnet, wenn die Passphrase vergessen oder jedes Gerät verloren ist.',
    why: 'Niemand kann Ihre Passphrase zurücksetzen, darum ist dieser Schlüssel Ihr zweiter Weg hinein. Er wird einmal gezeigt: Halten Sie Papier oder einen Drucker bereit.',
    make: 'Meinen Wiederherstellungsschlüssel zeigen',
    later: 'Später: erinnern Sie mich',
    replace: {
      hint: 'Ein Wiederherstellungsschlüssel gilt. Um ihn zu ersetzen, geben Sie den alten ein, oder Ihre Passphrase, wenn sie das Konto auf anderen Computern öffnet.',
      oldKey: 'Alter Wiederherstellungsschlüssel',
      passphrase: 'oder Passphrase',
    },
    shown: {
      title: 'Bewahren Sie diesen Schlüssel auf Papier',
      lead: 'Er wird nur dieses eine Mal gezeigt. Drucken oder schreiben Sie ihn ab, und legen Sie ihn zu dem, was wichtig ist.',
      pending: 'Er wird in Kraft gesetzt. Warten Sie einen Moment, ehe Sie gehen.',
      print: 'Drucken',
      save: 'Als Text sichern',
      copy: 'Schlüssel kopieren',
      copied: 'Der Schlüssel ist kopiert. Lassen Sie ihn nicht in der Zwischenablage.',
    },
    sheet: {
      title: 'Sotto-Wiederherstellungsblatt',
      key: 'Wiederherstellungsschlüssel',
      picture: 'QR-Code des Wiederherstellungsschlüssels',
      names: {
        Address: 'Adresse',
        'Home server': 'Heimserver',
        Fingerprint: 'Fingerabdruck',
        Authority: 'Zertifizierungsstelle',
        Made: 'Gemacht am',
      },
      advice:
        'Wer dieses Blatt hat, kann das Konto übernehmen: Bewahren Sie es auf Papier und verschlossen auf. Es wird gebraucht, wenn jedes Gerät verloren oder die Passphrase vergessen ist: Öffnen Sie den Heimserver, und wählen Sie „Ich habe einen Wiederherstellungsschlüssel“.',
    },
    proof: {
      title: 'Zeigen Sie, dass Sie ihn haben',
      label: (group: number) => `Geben Sie Gruppe ${group} des Schlüssels ein`,
      hint: 'Von Ihrem Papier, nicht vom Bildschirm.',
      wrong: 'Das ist eine andere Gruppe, oder sie ist falsch abgeschrieben.',
      go: 'Ich habe ihn',
    },
    done: {
      title: 'Sie können immer zurückkommen',
      lead: 'Der Wiederherstellungsschlüssel gilt. Er bleibt derselbe, bis Sie einen neuen machen.',
      go: 'Zu Ihren Räumen',
    },
    keyFile: {
      title: 'Schlüsseldatei für andere Programme (PKCS#12)',
      what: 'Zertifikat und Zertifikatsschlüssel dieses Geräts, für Programme wie openssl oder Mailprogramme. Die meisten brauchen keine.',
      passphrase: 'Passphrase für die Datei',
      weak: 'Mehr als 20 Zeichen, oder 8 mit kleinen und großen Buchstaben, Ziffern und Zeichen.',
      save: 'Datei sichern',
    },
  },
});
