import { defineText } from '../../text/language.tsx';

export const text = defineText({
  en: {
    title: {
      program: 'This file is a program',
      disguise: 'This file is a program that looks like a document',
      macros: 'This document can carry programs',
      page: 'This file can run scripts when it is opened',
    },
    what: {
      program: (extension: string) => `Opening a .${extension} file runs it, with all the rights that you have.`,
      disguise: (extension: string) =>
        `What counts is the very end of its name, .${extension}: opening it runs it. Documents are not named like this by accident.`,
      macros: (extension: string) =>
        `A .${extension} file may hold macros. Do not allow them unless you know why they are there.`,
      page: (extension: string) => `Opened from your computer, a .${extension} file can load things from the internet.`,
    },
    advice:
      'Encryption proves who sent it, and that it arrived unchanged. It does not prove that it is harmless. If you did not expect it, ask the sender.',
    save: 'Save it anyway',
    leave: 'Do not save',
  },
  de: {
    title: {
      program: 'Diese Datei ist ein Programm',
      disguise: 'Diese Datei ist ein Programm, das wie ein Dokument aussieht',
      macros: 'Dieses Dokument kann Programme enthalten',
      page: 'Diese Datei kann beim Öffnen Skripte ausführen',
    },
    what: {
      program: (extension) => `Eine .${extension}-Datei zu öffnen, führt sie aus, mit allen Rechten, die Sie haben.`,
      disguise: (extension) =>
        `Entscheidend ist das Ende des Namens, .${extension}: Beim Öffnen wird sie ausgeführt. Dokumente heißen nicht zufällig so.`,
      macros: (extension) =>
        `Eine .${extension}-Datei kann Makros enthalten. Erlauben Sie diese nur, wenn Sie wissen, wozu sie da sind.`,
      page: (extension) =>
        `Von Ihrem Rechner geöffnet, kann eine .${extension}-Datei Inhalte aus dem Internet nachladen.`,
    },
    advice:
      'Die Verschlüsselung beweist, wer sie gesendet hat und dass sie unverändert ankam, nicht, dass sie harmlos ist. Fragen Sie den Absender, wenn Sie sie nicht erwartet haben.',
    save: 'Trotzdem speichern',
    leave: 'Nicht speichern',
  },
});
