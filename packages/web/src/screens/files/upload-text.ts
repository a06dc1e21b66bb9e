import { defineText } from '../../text/language.tsx';

/** The words of what is on its way into a room. */
export const text = defineText({
  en: {
    question: {
      title: (count: number) => (count === 1 ? 'Send this file?' : `Send ${count} files?`),
      taken: (count: number) =>
        count === 1 ? 'The room has a file of this name' : 'The room has files of these names',
      folder: 'You gave a folder:',
      flat: 'Its files are sent one by one. The folder itself is not kept.',
      nothing: 'There is no file in it.',
      all: (count: number, size: string) => `${count} files, ${size} in all.`,
      more: (count: number) => `and ${count} more`,
      choice: 'A new version takes the place of the old one, which stays in the history of the file.',
      cancel: 'Cancel',
      send: 'Send',
      both: 'Keep both',
      version: 'Send as a new version',
    },
    queue: {
      title: 'Uploads',
      state: {
        queued: 'Its turn comes soon',
        running: 'Encrypting and sending',
        paused: 'Paused',
        waiting: 'Waits for the server, then goes on',
        failed: 'Not sent',
      },
      done: (done: string, all: string) => `${done} of ${all}`,
      left: (time: string) => `${time} left`,
      renamed: (name: string) => `Sent as “${name}”: the name it had is not safe on every system.`,
      pause: (name: string) => `Pause ${name}`,
      resume: (name: string) => `Go on with ${name}`,
      cancel: (name: string) => `Cancel ${name}`,
      retry: 'Retry',
      drop: 'Discard',
      broken: (name: string) => `“${name}” was not sent completely`,
      again: 'The page was closed meanwhile. Choose the same file again to go on where it stopped.',
      choose: 'Choose the file',
      other: 'That is another file: its name or size is different. Nothing was sent.',
    },
    drop: { here: 'Drop files to send them to this room', safe: 'They are encrypted on this device first.' },
  },
  de: {
    question: {
      title: (count) => (count === 1 ? 'Diese Datei senden?' : `${count} Dateien senden?`),
      taken: (count) =>
        count === 1 ? 'Eine Datei dieses Namens ist schon im Raum' : 'Dateien dieser Namen sind schon im Raum',
      folder: 'Sie haben einen Ordner gegeben:',
      flat: 'Seine Dateien werden einzeln gesendet. Der Ordner selbst bleibt nicht erhalten.',
      nothing: 'Er enthält keine Datei.',
      all: (count, size) => `${count} Dateien, zusammen ${size}.`,
      more: (count) => `und ${count} weitere`,
      choice: 'Eine neue Version tritt an die Stelle der alten; diese bleibt im Verlauf der Datei.',
      cancel: 'Abbrechen',
      send: 'Senden',
      both: 'Beide behalten',
      version: 'Als neue Version senden',
    },
    queue: {
      title: 'Uploads',
      state: {
        queued: 'Kommt gleich an die Reihe',
        running: 'Wird verschlüsselt und gesendet',
        paused: 'Angehalten',
        waiting: 'Wartet auf den Server und geht dann weiter',
        failed: 'Nicht gesendet',
      },
      done: (done, all) => `${done} von ${all}`,
      left: (time) => `noch ${time}`,
      renamed: (name) => `Gesendet als „${name}“: Der ursprüngliche Name ist nicht auf jedem System sicher.`,
      pause: (name) => `${name} anhalten`,
      resume: (name) => `Mit ${name} fortfahren`,
      cancel: (name) => `${name} abbrechen`,
      retry: 'Noch einmal',
      drop: 'Verwerfen',
      broken: (name) => `„${name}“ wurde nicht vollständig gesendet`,
      again:
        'Die Seite wurde inzwischen geschlossen. Wählen Sie dieselbe Datei noch einmal, um dort weiterzumachen, wo sie aufhörte.',
      choose: 'Datei wählen',
      other: 'Das ist eine andere Datei: Name oder Größe stimmen nicht überein. Nichts wurde gesendet.',
    },
    drop: {
      here: 'Dateien hier ablegen, um sie in diesen Raum zu senden',
      safe: 'Sie werden zuerst auf diesem Gerät verschlüsselt.',
    },
  },
});
