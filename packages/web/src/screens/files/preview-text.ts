import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    download: 'Download',
    close: 'Close',
    unknown: 'There is no preview of this kind of file',
    large: 'This file is too large to be shown here',
    instead: 'You can still download it. What arrives is checked against what its sender signed.',
    fetching: 'Fetching and decrypting',
    drawing: 'Drawing',
    frame: (name: string) => `Preview of ${name}`,
    page: 'Page',
    cut: 'Only the first mebibyte is shown. Download the file for the rest.',
    hidden: 'Characters that are invisible, or turn the direction of text, are shown by their codes.',
    refused: {
      'preview-too-many-pixels': 'This picture has more pixels than can be shown safely',
      'preview-too-slow': 'Showing this file took too long and was stopped',
      'preview-unreadable': 'This file is not what its name says, or it is damaged',
      'preview-locked': 'This PDF is locked by a password of its own',
    },
  },
  de: {
    download: 'Herunterladen',
    close: 'Schließen',
    unknown: 'Für diese Art von Datei gibt es keine Vorschau',
    large: 'Diese Datei ist zu groß, um hier gezeigt zu werden',
    instead:
      'Sie können sie trotzdem herunterladen. Was ankommt, wird mit dem verglichen, was der Absender unterschrieben hat.',
    fetching: 'Wird geholt und entschlüsselt',
    drawing: 'Wird gezeichnet',
    frame: (name) => `Vorschau von ${name}`,
    page: 'Seite',
    cut: 'Nur das erste Mebibyte wird gezeigt. Laden Sie die Datei für den Rest herunter.',
    hidden: 'Zeichen, die unsichtbar sind oder die Schreibrichtung umkehren, werden als Code gezeigt.',
    refused: {
      'preview-too-many-pixels': 'Dieses Bild hat mehr Pixel, als sicher gezeigt werden können',
      'preview-too-slow': 'Das Anzeigen dieser Datei dauerte zu lange und wurde abgebrochen',
      'preview-unreadable': 'Diese Datei ist nicht, was ihr Name sagt, oder sie ist beschädigt',
      'preview-locked': 'Dieses PDF ist durch ein eigenes Passwort gesperrt',
    },
  },
});
