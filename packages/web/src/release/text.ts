import { defineText } from '../text/language.tsx';

export const text = defineText({
  en: {
    'manifest-forged': {
      title: 'The server offers a Sotto that nobody signed',
      what: 'Its list of files is not signed by the key that it names: it was altered, or made up. It was refused.',
    },
    'release-key-changed': {
      title: 'The server offers a Sotto that somebody else signed',
      what: 'Another release key signed it than the one this browser knows. That is so when your organisation begins to build Sotto itself or on another machine, and also when somebody puts a Sotto of their own in its place. It was refused.',
    },
    'release-older': {
      title: 'The server offers an older Sotto',
      what: 'It is genuine, but older than the one that this browser has had. Errors that were mended since would be back. It was refused.',
    },
    'asset-altered': {
      title: 'The server altered a part of Sotto',
      what: 'A file is not what the signed list says. It was refused, and with it everything that came at the same time.',
    },
    'asset-unlisted': {
      title: 'Something asked for a part that Sotto does not have',
      what: 'The signed list names no such file. It was refused.',
    },
    'worker-replaced': {
      title: 'The server wants to replace the guardian of Sotto',
      what: 'The part that checks all others comes from the server anew, and no signed list names what came. This browser cannot prevent that it takes over at the next load. Your accounts were locked.',
    },
    'worker-gone': {
      title: 'What Sotto keeps in this browser is being deleted',
      what: 'The part that checks all others is gone, and as a rule your vault with it. Clearing the browser’s data does that, and so does a program that cleans up; a server can ask for it, too. Your accounts were locked. What reached the server is safe there, sealed; what waited to be sent here may be lost.',
    },
    gone: 'If data was cleared here on purpose, load this page again and come back by another device or the recovery key; do not sign up anew. If not, enter no passphrase in this browser, and tell the people who run your server.',
    safe: 'This page goes on with the Sotto that was checked before. Your keys and messages lie encrypted in this browser and were not touched.',
    unsafe:
      'Close all tabs of Sotto now, do not enter your passphrase again in this browser, and tell the people who run your server.',
    advice:
      'Tell the people who run your server what you see here. Until it is explained, do not load Sotto in another browser.',
    compare:
      'The fingerprint of the new key. Whoever runs your server can read it to you, in person or by telephone; the server prints it when it starts.',
    fingerprint: 'Fingerprint of the release key',
    accept: 'It is the same: accept the new key',
    file: 'File',
    code: 'Code',
    goOn: 'Go on with the Sotto I have',
    ready: 'A new version of Sotto is ready.',
    restart: 'Load it',
    later: 'Later',
  },
  de: {
    'manifest-forged': {
      title: 'Der Server bietet ein Sotto an, das niemand unterschrieben hat',
      what: 'Seine Dateiliste ist nicht mit dem Schlüssel unterschrieben, den sie nennt: Sie wurde verändert oder erfunden. Sie wurde abgelehnt.',
    },
    'release-key-changed': {
      title: 'Der Server bietet ein Sotto an, das jemand anders unterschrieben hat',
      what: 'Ein anderer Veröffentlichungsschlüssel hat es unterschrieben als der, den dieser Browser kennt. Das ist so, wenn Ihre Organisation Sotto neuerdings selbst oder auf einem anderen Rechner baut, und auch, wenn jemand ein eigenes Sotto unterschiebt. Es wurde abgelehnt.',
    },
    'release-older': {
      title: 'Der Server bietet ein älteres Sotto an',
      what: 'Es ist echt, aber älter als das, das dieser Browser schon hatte. Seither behobene Fehler wären wieder da. Es wurde abgelehnt.',
    },
    'asset-altered': {
      title: 'Der Server hat einen Teil von Sotto verändert',
      what: 'Eine Datei ist nicht das, was die unterschriebene Liste sagt. Sie wurde abgelehnt, und mit ihr alles, was zugleich kam.',
    },
    'asset-unlisted': {
      title: 'Etwas verlangte einen Teil, den Sotto nicht hat',
      what: 'Die unterschriebene Liste nennt keine solche Datei. Sie wurde abgelehnt.',
    },
    'worker-replaced': {
      title: 'Der Server will den Wächter von Sotto austauschen',
      what: 'Der Teil, der alle anderen prüft, kommt neu vom Server, und keine unterschriebene Liste nennt, was da kam. Dieser Browser kann nicht verhindern, dass es beim nächsten Laden übernimmt. Ihre Konten wurden gesperrt.',
    },
    'worker-gone': {
      title: 'Was Sotto in diesem Browser aufbewahrt, wird gelöscht',
      what: 'Der Teil, der alle anderen prüft, ist fort, und in der Regel Ihr Tresor mit ihm. Das geschieht, wenn jemand die Browserdaten löscht oder ein Programm aufräumt; auch ein Server kann es verlangen. Ihre Konten wurden gesperrt. Was der Server hat, ist dort verschlüsselt in Sicherheit; was hier noch auf Versand wartete, ist vielleicht verloren.',
    },
    gone: 'Wurde hier absichtlich gelöscht, laden Sie diese Seite neu, und kommen Sie mit einem anderen Gerät oder dem Wiederherstellungsschlüssel zurück; legen Sie kein neues Konto an. Wenn nicht, geben Sie in diesem Browser keine Passphrase ein, und sagen Sie es denen, die Ihren Server betreiben.',
    safe: 'Diese Seite arbeitet mit dem Sotto weiter, das vorher geprüft wurde. Ihre Schlüssel und Nachrichten liegen verschlüsselt in diesem Browser und wurden nicht angerührt.',
    unsafe:
      'Schließen Sie jetzt alle Tabs von Sotto, geben Sie Ihre Passphrase in diesem Browser nicht mehr ein, und sagen Sie es denen, die Ihren Server betreiben.',
    advice:
      'Sagen Sie denen, die Ihren Server betreiben, was Sie hier sehen. Laden Sie Sotto in keinem anderen Browser, bis es erklärt ist.',
    compare:
      'Der Fingerabdruck des neuen Schlüssels. Wer Ihren Server betreibt, kann ihn vorlesen, persönlich oder am Telefon; der Server gibt ihn aus, wenn er startet.',
    fingerprint: 'Fingerabdruck des Veröffentlichungsschlüssels',
    accept: 'Er ist derselbe: neuen Schlüssel annehmen',
    file: 'Datei',
    code: 'Code',
    goOn: 'Mit meinem Sotto weiterarbeiten',
    ready: 'Eine neue Version von Sotto ist bereit.',
    restart: 'Laden',
    later: 'Später',
  },
});
