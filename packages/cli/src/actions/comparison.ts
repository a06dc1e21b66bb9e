import { parseHex } from '@sotto/bytes';
import type { ComparedView, ComparisonView, ContactView, KeyBox } from '@sotto/keybox';
import { type Address, fingerprintDigits, ProtocolPeerFault } from '@sotto/protocol';
import type { Run } from '../command.ts';
import { pairs, type Style } from '../terminal.ts';
import { fingerprintOf } from './words.ts';

/** By what somebody is verified: what they said, the code on their screen, or neither, to be asked. */
export interface Evidence {
  readonly fingerprint?: string;
  readonly code?: string;
}

/** What there is to compare with a contact; null before they accepted. */
export async function comparisonOf(box: KeyBox, contact: ContactView): Promise<ComparisonView | null> {
  return contact.fingerprint === null ? null : box.people.compare(contact.address);
}

/**
 * Verifies a contact. Throws `usage` for what is no fingerprint or number, `identity-conflict` if it is another's, and
 * `input-needed` where nothing is given and nobody can be asked.
 */
export async function verifyBy(run: Run, box: KeyBox, who: Address, evidence: Evidence): Promise<void> {
  if (evidence.code !== undefined) return box.people.scan(who, evidence.code);
  if (evidence.fingerprint === undefined) return ask(run, box, who);
  await box.verifyContact(who, spokenFingerprint(evidence.fingerprint, comparedNumbers(await comparable(box, who))));
}

/** The comparison for people: whose half stands first is the same on both sides. */
export function comparisonText({ own, theirs, first, digits }: ComparisonView, style: Style): string {
  const halves = first === 'own' ? [own, theirs] : [theirs, own];
  const half = ({ address, pictures }: ComparedView): [string, string] => [
    address,
    inRows(pictures.map(([word]) => word)),
  ];
  return pairs([...halves.map(half), ['Number', inRows(digits.split(' '), 6)]], style);
}

/** The comparison as the contract of the command line has it. */
export function comparisonJson({ own, theirs, ...rest }: ComparisonView): object {
  const side = ({ pictures, ...each }: ComparedView): object => ({ ...each, words: pictures.map(([word]) => word) });
  return { own: side(own), theirs: side(theirs), ...rest };
}

async function ask({ dialogue, output }: Run, box: KeyBox, who: Address): Promise<void> {
  const view = await box.people.compare(who);
  output.note(comparisonText(view, output.style));
  const question = `Ask ${who}, by a way that is not the server: do all words, or all digits, match? Type yes or no`;
  const answer = (await dialogue.text(question)).trim().toLowerCase();
  if (answer === 'yes') return void (await box.verifyContact(who, parseHex(view.theirs.fingerprint)));
  if (answer === 'no') await box.people.mismatch(who);
  throw new ProtocolPeerFault('identity-conflict', `${who} is not verified: not everything matched`);
}

async function comparable(box: KeyBox, who: Address): Promise<ComparisonView | null> {
  return comparisonOf(box, await box.showContact(who));
}

interface Numbers {
  readonly fingerprint: Uint8Array;
  readonly digits: readonly string[];
}

function comparedNumbers(view: ComparisonView | null): Numbers | null {
  if (view === null) return null;
  const fingerprint = parseHex(view.theirs.fingerprint);
  return {
    fingerprint,
    digits: [fingerprintDigits(fingerprint), view.digits].map((digits) => digits.replaceAll(' ', '')),
  };
}

/** A fingerprint, or 60 digits that stand for the known one if they are those of the business card or of the pair. */
function spokenFingerprint(word: string, known: Numbers | null): Uint8Array {
  const digits = word.replaceAll(/[\s-]/g, '');
  if (!/^[0-9]{60}$/.test(digits)) return fingerprintOf(word);
  if (known === null) return new Uint8Array(32);
  if (known.digits.includes(digits)) return known.fingerprint;
  throw new ProtocolPeerFault('identity-conflict', 'the digits are not those of the identity that is known here');
}

function inRows(words: readonly string[], perRow = 4): string {
  const width = Math.max(...words.map(({ length }) => length));
  const rows: string[] = [];
  for (let i = 0; i < words.length; i += perRow)
    rows.push(
      words
        .slice(i, i + perRow)
        .map((word) => word.padEnd(width))
        .join('  ')
        .trimEnd(),
    );
  return rows.join('\n');
}
