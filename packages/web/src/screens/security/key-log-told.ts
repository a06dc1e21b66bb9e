import type { KeyLogSentences } from './key-log-sentences.ts';

/** What an entry of the key log tells, apart from the room that it is about. */
export interface Told {
  /** In hexadecimal; null for what is about no room. */
  readonly room: string | null;
  /** The sentence that says it in every language; null where it has none. */
  readonly sentence: keyof KeyLogSentences | null;
  /** Addresses, names and numbers of the sentence. */
  readonly slots: readonly string[];
  /** As it was kept, without the room. */
  readonly kept: string;
}

/** Reads an entry. The key log keeps sentences of one form each, in English. */
export function toldIn(text: string): Told {
  const [, room = null, kept = text] = /^room ([0-9a-f]{64}):? (.*)$/s.exec(text) ?? [];
  for (const [sentence, pattern] of PATTERNS) {
    const found = pattern.exec(kept);
    if (found !== null) return { room, kept, sentence, slots: found.slice(1) };
  }
  return { room, kept, sentence: null, slots: [] };
}

/** The sentence of an entry in somebody's words; what was kept where it has none. */
export function sentenceOf({ sentence, slots, kept }: Told, words: KeyLogSentences): string {
  if (sentence === null) return kept;
  const [one = '', two = '', three = ''] = slots;
  return words[sentence](one, two, three);
}

const PATTERNS: readonly (readonly [keyof KeyLogSentences, RegExp])[] = [
  ['contactAsks', /^(\S+) asks to be a contact; fingerprint [0-9a-f]{64}, not verified$/],
  ['contactMade', /^(\S+) is a contact now; fingerprint [0-9a-f]{64} is pinned$/],
  ['verified', /^(\S+) was verified\b.*$/],
  ['unverified', /^(\S+) is not taken for verified any more$/],
  ['otherKeys', /^(\S+) was given other keys for this account than its own$/],
  ['addedHidden', /^(\S+), who is no contact, added this account; it is not listed$/],
  ['added', /^(\S+) added this account$/],
  ['deviceAdded', /^(\S+) has a new \S+ device, (.+)$/],
  ['ownDeviceRevoked', /^revoked the device (.+) and made a new user key$/],
  ['deviceRevoked', /^(\S+) revoked the device (.+)$/],
  ['keysGiven', /^the keys of room [0-9a-f]{64} were given to (\S+)$/],
  ['eraShut', /^the key of era (\d+), made by (\S+), does not open$/],
  ['eraComplaint', /^(\S+) cannot open the key of era (\d+)$/],
  ['eraComplained', /^told the others that the key of era (\d+) does not open here$/],
  ['keyAsked', /^this account asked for the key of era (\d+)$/],
  ['keyAskedBy', /^(\S+) asks for the key of era (\d+)$/],
  ['keyNotTheirs', /^(\S+) asks for the key of era (\d+), which is not theirs to have$/],
  ['keyGot', /^(\S+) gave this account the key of era (\d+)$/],
  ['keyWrong', /^(\S+) gave this account what is not the key of era (\d+)$/],
  ['keyGave', /^the key of era (\d+) was given to (\S+), who asked for it$/],
  ['keyDenied', /^a request for the key of era (\d+) was denied here$/],
  ['missing', /^records before position (\d+) are missing$/],
  ['skipped', /^position (\d+) was refused: .*$/s],
  ['shut', /^position (\d+), by (\S+), does not open$/],
  ['withheld', /^position (\d+): the server withholds a record that nobody deleted$/],
  ['suspended', /^removed (\S+), who is suspended$/],
  ['passkeyAdded', /^a passkey opens this vault from now on$/],
  ['passkeyRemoved', /^a passkey opens this vault no more$/],
  ['passphraseChanged', /^the passphrase was changed; the old one opens nothing that comes from now on$/],
  ['vaultRenewed', /^the vault has a new secret under the new passphrase$/],
  ['vaultNotRenewed', /^the vault could not be put under the new passphrase yet$/],
  ['certificatesRenewed', /^the certificates of this device were renewed$/],
  ['certificatesOld', /^the certificates of this device could not be renewed$/],
  ['policyAccepted', /^version (\d+) of the organisation's policy was accepted$/],
  ['policyKnown', /^version (\d+) of the organisation's policy is known$/],
  ['headKey', /^the home server has a new head key$/],
  ['restored', /^the server was restored from a backup and lacked (\d+) entries; .*$/],
  ['logAnew', /^the server was restored, and its transparency log began anew$/],
  ['logLate', /^the transparency log has not had the newest keys of (\S+) for more than a day$/],
];
