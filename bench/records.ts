import { generateKeyPairSync, sign, verify } from 'node:crypto';
import type { SignedHead } from '@sotto/protocol';
import type { Bench, Figure, Goal, Result } from './support/bench.ts';
import { megolmSession } from './support/megolm.ts';
import { mlsSession } from './support/mls.ts';
import { ownRecords } from './support/own-records.ts';
import { signalSession } from './support/signal.ts';
import { type Contender, inTurns } from './support/turns.ts';

/** Words: rounds, records of each round. */
export const bench: Bench = {
  title: 'a record of 256 B, sealed and opened',
  about: `
Medians of short runs in turns, one after the other on one thread, stores in memory. *Ours* is suite \`hybrid\`, 256 bytes of text.
Sealing: the queued body parsed, its own key derived, AES-256-GCM over body and header, both encoded, hashed and signed with Ed25519. Opening: the
submission parsed, author, device, role, era, sequence and the head that the author saw judged, two signatures verified (the author's and the cluster's over
that head, another one for every record), the log hash, the body opened and parsed.

*libsignal* is a 1:1 session that both have answered, one ratchet step a message, the session read and written as bytes as its clients do; it signs nothing,
and its messages are to one device. *Megolm* is \`OlmMachine\` with its memory store, which signs with Ed25519; the machine opens what it sealed itself.
*ts-mls* is an application message in a group of two under X-Wing, AES-256-GCM and Ed25519.`,
  packages: ['@signalapp/libsignal-client', '@matrix-org/matrix-sdk-crypto-wasm', 'ts-mls'],
  run,
};

async function run([rounds = '11', count = '300']: readonly string[]): Promise<Result> {
  const turns = { rounds: Number(rounds), count: Number(count) };
  const pairs = {
    ours: await ours(),
    signal: pairOf(await signalSession(), times(new TextEncoder().encode(TEXT))),
    megolm: pairOf(await megolmSession(), times(TEXT)),
    mls: pairOf(await mlsSession(), times(new TextEncoder().encode(TEXT))),
  };
  const sealing = await inTurns(each(pairs, 'seal'), turns);
  const opening = await inTurns(each(pairs, 'open'), turns);
  const bare = await inTurns(bareSignatures(), turns);
  const figures = (what: string, taken: typeof sealing, asked: Partial<Record<Peer, Goal>>): Figure[] =>
    peers.map(([peer, against]) => ({
      what,
      against,
      ours: { value: taken.ours * 1000, unit: 'µs' },
      theirs: { value: taken[peer] * 1000, unit: 'µs' },
      better: 'less',
      asked: asked[peer] ?? null,
    }));
  return {
    figures: [
      ...figures('seal a record of 256 B', sealing, { signal: { timesBetter: 2 } }),
      ...figures('open and verify it', opening, { signal: { timesBetter: 0.8 }, megolm: { timesBetter: 3 } }),
      alone('one Ed25519 signature by the runtime, of the sealing', bare.sign),
      alone('two Ed25519 verifications by the runtime, of the opening', 2 * bare.verify),
    ],
    notes: [LIMIT],
  };
}

interface Pair {
  readonly seal: Contender;
  readonly open: Contender;
}

/** Opening takes what was sealed just before, in order: nothing is skipped, nothing opened twice. */
function pairOf<Message, Sealed>(
  session: { seal(message: Message): Promise<Sealed>; open(sealed: Sealed): Promise<unknown> },
  messages: (count: number) => Promise<readonly Message[]>,
): Pair {
  let due: readonly Message[] = [];
  let sealed: Sealed[] = [];
  const seal = async (): Promise<void> => {
    for (const message of due) sealed.push(await session.seal(message));
  };
  const open = async (): Promise<void> => {
    for (const each of sealed) await session.open(each);
    sealed = [];
  };
  const prepare = async (count: number): Promise<void> => {
    await open();
    due = await messages(count);
  };
  const prepareOpening = async (count: number): Promise<void> => {
    await prepare(count);
    await seal();
  };
  return { seal: { prepare, run: seal }, open: { prepare: prepareOpening, run: open } };
}

/** The author's client was given a new head with each answer. */
async function ours(): Promise<Pair> {
  const { nextHead, seal, open } = await ownRecords();
  const heads = async (count: number): Promise<readonly SignedHead[]> => {
    const signed: SignedHead[] = [];
    while (signed.length < count) signed.push(await nextHead());
    return signed;
  };
  return pairOf({ seal: (seen: SignedHead) => seal(TEXT, seen), open }, heads);
}

function times<Message>(message: Message): (count: number) => Promise<readonly Message[]> {
  return async (length) => Array.from({ length }, () => message);
}

/** What the runtime takes for the signatures alone: no record can be faster. */
function bareSignatures(): Record<'sign' | 'verify', Contender> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const message = new Uint8Array(700);
  let signature = sign(null, message, privateKey);
  return {
    sign(count) {
      for (let i = 0; i < count; i++) signature = sign(null, message, privateKey);
    },
    verify(count) {
      for (let i = 0; i < count; i++) verify(null, message, publicKey, signature);
    },
  };
}

function alone(what: string, milliseconds: number): Figure {
  const ours = { value: milliseconds * 1000, unit: 'µs' } as const;
  return { what, against: null, ours, theirs: null, better: 'less', asked: null };
}

type Peer = 'signal' | 'megolm' | 'mls';

function each(pairs: Readonly<Record<Peer | 'ours', Pair>>, which: keyof Pair): Record<Peer | 'ours', Contender> {
  return {
    ours: pairs.ours[which],
    signal: pairs.signal[which],
    megolm: pairs.megolm[which],
    mls: pairs.mls[which],
  };
}

const peers: readonly (readonly [Peer, string])[] = [
  ['signal', 'libsignal, 1:1'],
  ['megolm', 'matrix-sdk-crypto-wasm, Megolm'],
  ['mls', 'ts-mls'],
];

const LIMIT = `A record is proof to everybody who reads the room, years later and after devices have come and gone: its author signs it, and the head of the log that the author saw is
signed by the cluster. A message of libsignal is authenticated to one device by a shared key, without a signature. The last two lines are what OpenSSL takes for ours, which is
most of what the bounds on libsignal and Megolm leave for the whole, or more. Judging, key derivation and encoding take about as much again.`;
const TEXT = 'x'.repeat(256);
