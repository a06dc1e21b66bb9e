import type { Secret } from '@sotto/crypto';
import { type Chain, chainExtent, type Envelope, extendChain, type Statement, signStatement } from '@sotto/protocol';
import type { Platform } from './ports.ts';

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

/** A statement and the chain that it leads to. */
export interface ChainStep {
  readonly envelope: Envelope;
  readonly chain: Chain;
}

/** Signs the next statement of a chain, and judges it as every reader will. Throws the faults of `extendChain`. */
export async function signNextStatement(
  { suites, clock }: Pick<Platform, 'suites' | 'clock'>,
  chain: Chain,
  { content, signers }: { readonly content: StatementContent; readonly signers: readonly Signer[] },
): Promise<ChainStep> {
  const { length, hash } = chainExtent(chain);
  const frame = { v: 1, suite: chain.suite, account: chain.fingerprint, seq: length, prev: hash } as const;
  const ids = signers.map(({ id }) => id);
  const value: Statement = { ...frame, at: clock.now(), signers: ids, ...content };
  const keys = signers.map(({ signing }) => signing);
  const envelope = await signStatement(suites.byId(chain.suite), value, keys);
  return { envelope, chain: await extendChain(suites, chain, envelope) };
}
