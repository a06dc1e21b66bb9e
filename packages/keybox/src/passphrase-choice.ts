import type { Primitives } from '@sotto/crypto';

/** A passphrase of six words drawn by chance from 7,776: 77 bits. */
export async function generatePassphrase({ randomBytes }: Pick<Primitives, 'randomBytes'>): Promise<string> {
  const { passphraseWords } = await import('./passphrase-words.ts');
  const chosen: string[] = [];
  while (chosen.length < WORDS) {
    const draw = new DataView(randomBytes(2).buffer).getUint16(0);
    // What lies above the last whole multiple would make the first words likelier.
    if (draw >= FAIR_DRAWS) continue;
    chosen.push(passphraseWords[draw % LIST_WORDS] as string);
  }
  return chosen.join(' ');
}

/** How a passphrase withstands guessing, from 0 to 4 as zxcvbn counts; `about` are words that a guesser would try first. */
export async function passphraseScore(passphrase: string, about: readonly string[] = []): Promise<number> {
  const [{ ZxcvbnFactory }, { dictionary, adjacencyGraphs: graphs }] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return new ZxcvbnFactory({ dictionary, graphs }).check(passphrase.slice(0, MAX_JUDGED), [...about]).score;
}

const WORDS = 6;
const LIST_WORDS = 7776;
const FAIR_DRAWS = 8 * LIST_WORDS;
/** Judging takes time that grows fast with the length; what is longer is no weaker. */
const MAX_JUDGED = 100;
