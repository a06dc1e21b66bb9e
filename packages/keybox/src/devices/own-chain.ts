import { Fault } from '@sotto/bytes';
import type { Secret } from '@sotto/crypto';
import { type Chain, chainExtent, type Envelope, extendChain, type Statement, signStatement } from '@sotto/protocol';
import { KeyboxPeerFault } from '../fault.ts';
import type { RoomReader } from '../room-batch.ts';

/** Type and body of a statement that is to be signed. */
export type StatementContent = Statement extends infer Each
  ? Each extends { type: string; body: unknown }
    ? Pick<Each, 'type' | 'body'>
    : never
  : never;

/** A device that signs: its id and its statement key. */
export interface Signer {
  readonly id: Uint8Array;
  readonly signing: Secret;
}

/** What it takes to read and write the own chain. */
export type ChainReader = Pick<RoomReader, 'session' | 'chains'>;

/** The own chain as the server has it now. */
export async function refreshOwnChain({ session, chains }: ChainReader): Promise<Chain> {
  const { fingerprint, address } = session.identity;
  const chain = await chains.refresh(fingerprint, address);
  if (chain === null) throw new KeyboxPeerFault('answer-malformed', 'the server hides the account from itself');
  return chain;
}

/**
 * Adds a statement to the own chain and returns the chain with it. `make` is asked again after every lost race, with the
 * chain as the winner left it; null when nothing is left to do. `send` hands the statement to the server. Throws what
 * `make` and the server throw.
 */
export async function appendToOwnChain(
  reader: ChainReader,
  make: (chain: Chain) => Promise<StatementContent | null>,
  {
    signers = [ownSigner(reader)],
    send = async (envelope) => void (await reader.session.link.call('chains.append', { envelope })),
  }: { readonly signers?: readonly Signer[]; readonly send?: (envelope: Envelope) => Promise<void> } = {},
): Promise<Chain> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const chain = await refreshOwnChain(reader);
    const content = await make(chain);
    if (content === null) return chain;
    const isTaken = await send(await signed(reader, chain, { content, signers })).then(() => true, lostRace);
    if (isTaken) return refreshOwnChain(reader);
  }
  throw new KeyboxPeerFault('answer-malformed', 'lost the race for the next statement too often');
}

function ownSigner({ session }: ChainReader): Signer {
  const { deviceId, signing } = session.identity;
  return { id: deviceId, signing: signing.secretKey };
}

/** Signed, and judged as every reader will judge it. */
async function signed(
  { session }: ChainReader,
  chain: Chain,
  { content, signers }: { readonly content: StatementContent; readonly signers: readonly Signer[] },
): Promise<Envelope> {
  const { suites, clock } = session;
  const { length, hash } = chainExtent(chain);
  const frame = { v: 1, suite: chain.suite, account: chain.fingerprint, seq: length, prev: hash } as const;
  const ids = signers.map(({ id }) => id);
  const value: Statement = { ...frame, at: clock.now(), signers: ids, ...content };
  const keys = signers.map(({ signing }) => signing);
  const envelope = await signStatement(suites.byId(chain.suite), value, keys);
  await extendChain(suites, chain, envelope);
  return envelope;
}

function lostRace(cause: unknown): false {
  if (cause instanceof Fault && cause.code === 'chain-stale') return false;
  throw cause;
}

const MAX_ATTEMPTS = 8;
