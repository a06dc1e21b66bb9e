import type { Choices } from '@sotto/zrtp';

/** Which algorithms an end prefers; it does the others as well. */
export const zrtpChoices: Readonly<Record<'default' | 'strongest', Choices>> = {
  default: {
    hashes: ['S384', 'S256'],
    ciphers: ['AES3', 'AES1'],
    authTags: ['HS80', 'HS32'],
    agreements: ['X255', 'X448', 'EC38', 'DH3k', 'Mult'],
    sasTypes: ['B32', 'B256'],
  },
  /** X448, and words to compare instead of four letters. */
  strongest: {
    hashes: ['S384', 'S256'],
    ciphers: ['AES3', 'AES1'],
    authTags: ['HS80', 'HS32'],
    agreements: ['X448', 'X255', 'EC38', 'DH3k', 'Mult'],
    sasTypes: ['B256', 'B32'],
  },
};
