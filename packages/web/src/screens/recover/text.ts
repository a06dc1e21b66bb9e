import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: 'Get back with the recovery key',
    lead: 'The key on your recovery kit opens the account without its passphrase, and sets a new one.',
    key: 'Recovery key, or the text of the whole kit',
    keyHint: 'Eight groups of four letters and digits; case and hyphens do not matter.',
    malformed: 'There is no recovery key in this: it has eight groups of four letters and digits.',
    elsewhere: 'This kit is of another server',
    elsewhereHint: 'Open the page of that server and enter it there.',
    open: 'Go on',
    found: 'Your account is found',
    others: 'Your other devices stay in',
    othersHint: 'Afterwards remove those that are lost: they can still read and write until you do.',
    recover: 'Set the passphrase and go in',
    working: 'Getting you back in',
    oldVault: {
      title: 'This browser still has a vault of this account',
      hint: 'If you know its passphrase, unlock it instead. Else it has to go; what it never sent is lost with it.',
      remove: 'Remove the old vault',
    },
  },
  de: {
    title: 'Mit dem Wiederherstellungsschlüssel zurück',
    lead: 'Der Schlüssel auf Ihrem Wiederherstellungsblatt öffnet das Konto ohne seine Passphrase und setzt eine neue.',
    key: 'Wiederherstellungsschlüssel, oder der Text des ganzen Blatts',
    keyHint: 'Acht Gruppen aus vier Buchstaben und Ziffern; Großschreibung und Striche sind gleichgültig.',
    malformed: 'Darin ist kein Wiederherstellungsschlüssel: Er hat acht Gruppen aus vier Buchstaben und Ziffern.',
    elsewhere: 'Dieses Blatt gehört zu einem anderen Server',
    elsewhereHint: 'Öffnen Sie die Seite jenes Servers, und geben Sie es dort ein.',
    open: 'Weiter',
    found: 'Ihr Konto ist gefunden',
    others: 'Ihre anderen Geräte bleiben dabei',
    othersHint: 'Entfernen Sie danach, was verloren ist: Bis dahin kann es lesen und schreiben.',
    recover: 'Passphrase setzen und hinein',
    working: 'Sie kommen wieder hinein',
    oldVault: {
      title: 'In diesem Browser liegt noch ein Tresor dieses Kontos',
      hint: 'Kennen Sie seine Passphrase, entsperren Sie ihn lieber. Sonst muss er weg; was er nie gesendet hat, geht mit ihm verloren.',
      remove: 'Alten Tresor entfernen',
    },
  },
});
