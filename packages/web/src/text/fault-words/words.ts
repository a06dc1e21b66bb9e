import type { Language } from '../languages.ts';

/** What happened, whether anything is in danger, what to do. */
type Words = readonly [what: string, safe: string, advice: string];
export type InLanguages = Readonly<Record<Language, Words>>;
export type FaultWordTable = Readonly<Record<string, InLanguages>>;

/** Words of a refusal in every language; whether data is safe is said in one of few ways. */
export function words(
  safe: keyof typeof SAFE,
  { en, de }: Readonly<Record<Language, readonly [what: string, advice: string]>>,
): InLanguages {
  return { en: [en[0], SAFE[safe].en, en[1]], de: [de[0], SAFE[safe].de, de[1]] };
}

/** The same words for several codes that mean the same to a person. */
export function alike(codes: readonly string[], said: InLanguages): FaultWordTable {
  return Object.fromEntries(codes.map((code) => [code, said]));
}

const SAFE = {
  unchanged: { en: 'Nothing was changed, nothing was lost.', de: 'Nichts wurde geändert, nichts ging verloren.' },
  kept: {
    en: 'What you wrote is kept on this device.',
    de: 'Was Sie geschrieben haben, bleibt auf diesem Gerät.',
  },
  refused: {
    en: 'It was refused before it had any effect; the key log keeps what happened.',
    de: 'Es wurde abgewiesen, bevor es etwas bewirken konnte; das Schlüsselprotokoll hält es fest.',
  },
  evidence: {
    en: 'Nothing here was lost, and the evidence is kept.',
    de: 'Hier ging nichts verloren, und die Belege sind aufbewahrt.',
  },
  saved: {
    en: 'What was saved is safe; the last step may not have happened.',
    de: 'Was gespeichert war, ist sicher; der letzte Schritt ist vielleicht nicht geschehen.',
  },
} as const;
