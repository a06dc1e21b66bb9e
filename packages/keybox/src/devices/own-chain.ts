import { Fault } from '@sotto/bytes';
import type { Chain, Envelope } from '@sotto/protocol';
import { type Signer, type StatementContent, signNextStatement } from '../chain-statement.ts';
import { KeyboxPeerFault } from '../fault.ts';
import type { RoomReader } from '../room-batch.ts';

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
    const { envelope } = await signNextStatement(reader.session, chain, { content, signers });
    const isTaken = await send(envelope).then(() => true, lostRace);
    if (isTaken) return refreshOwnChain(reader);
  }
  throw new KeyboxPeerFault('answer-malformed', 'lost the race for the next statement too often');
}

function ownSigner({ session }: ChainReader): Signer {
  const { deviceId, signing } = session.identity;
  return { id: deviceId, signing: signing.secretKey };
}

function lostRace(cause: unknown): false {
  if (cause instanceof Fault && cause.code === 'chain-stale') return false;
  throw cause;
}

const MAX_ATTEMPTS = 8;
