import { type Blame, Fault } from '@sotto/bytes';
import type { FaultWordTable, InLanguages } from './fault-words/words.ts';
import type { Language } from './languages.ts';

/** A refusal in the words of people. */
export interface FaultWords {
  readonly code: string;
  readonly blame: Blame;
  /** What happened. */
  readonly what: string;
  /** Whether anything of theirs is in danger. */
  readonly safe: string;
  readonly advice: string;
}

/** The words for a refusal; for a code without own words those of whoever is to blame. */
export function faultWords(error: Error, language: Language, codeWords: FaultWordTable): FaultWords {
  const code = error instanceof Fault ? error.code : 'bug';
  const blame = error instanceof Fault ? error.blame : 'bug';
  const [what, safe, advice] = codeWords[code]?.[language] ?? blames[blame][language];
  return { code, blame, what, safe, advice };
}

const blames: Readonly<Record<Blame, InLanguages>> = {
  wire: {
    en: [
      'Something that came is malformed',
      'It was refused before it had any effect.',
      'Try again. If it happens again, tell your administrator the code.',
    ],
    de: [
      'Etwas Empfangenes ist fehlerhaft',
      'Es wurde abgewiesen, bevor es etwas bewirken konnte.',
      'Versuchen Sie es noch einmal. Geschieht es wieder, nennen Sie Ihrem Administrator den Code.',
    ],
  },
  peer: {
    en: [
      'Something that came is not genuine',
      'It was refused before it had any effect; the key log keeps what happened.',
      'Go on only when you know why. Your administrator can say what the code means.',
    ],
    de: [
      'Etwas Empfangenes ist nicht echt',
      'Es wurde abgewiesen, bevor es etwas bewirken konnte; das Schlüsselprotokoll hält es fest.',
      'Machen Sie erst weiter, wenn Sie wissen, warum. Ihr Administrator kann den Code erklären.',
    ],
  },
  policy: {
    en: [
      'A rule does not allow this',
      'Nothing was changed, nothing was lost.',
      'Ask whoever sets the rules: an owner of the room, or your administrator.',
    ],
    de: [
      'Eine Regel erlaubt das nicht',
      'Nichts wurde geändert, nichts ging verloren.',
      'Fragen Sie, wer die Regeln macht: einen Besitzer des Raums oder Ihren Administrator.',
    ],
  },
  usage: {
    en: [
      'That does not work like this',
      'Nothing was changed, nothing was lost.',
      'Change what you entered and try again.',
    ],
    de: [
      'So geht das nicht',
      'Nichts wurde geändert, nichts ging verloren.',
      'Ändern Sie die Eingabe und versuchen Sie es noch einmal.',
    ],
  },
  bug: {
    en: [
      'Sotto made a mistake',
      'What was saved is safe; the last step may not have happened.',
      'Load the page again. If it happens again, tell your administrator the code.',
    ],
    de: [
      'Sotto hat einen Fehler gemacht',
      'Was gespeichert war, ist sicher; der letzte Schritt ist vielleicht nicht geschehen.',
      'Laden Sie die Seite neu. Geschieht es wieder, nennen Sie Ihrem Administrator den Code.',
    ],
  },
};
