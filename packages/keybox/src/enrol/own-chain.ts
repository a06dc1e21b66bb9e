import { equal } from '@sotto/bytes';
import type { Suites } from '@sotto/crypto';
import {
  type AccountBundle,
  beginChain,
  type Chain,
  chainExtends,
  type Envelope,
  extendChain,
  type OperationOutput,
  type Operations,
  ProtocolPeerFault,
} from '@sotto/protocol';
import { KeyboxPeerFault } from '../fault.ts';
import type { AccountFacts } from './enrolment-file.ts';

/** A sigchain that was verified from its genesis, with the statements as they travel. */
export interface OwnChain {
  readonly chain: Chain;
  readonly statements: readonly Envelope[];
}

/** Asks for the statements of the account's chain from a position on. */
export type ReadStatements = (from: number) => Promise<OperationOutput<Operations['chains.read']>>;

/**
 * Reads the account's whole chain and holds it against what the owner's own secret said of it. Throws
 * `identity-conflict` (another account under this address), `certificate-mismatch`, `rollback` (shorter), `split-view`
 * (another past), and the faults of `extendChain`.
 */
export async function readOwnChain(suites: Suites, read: ReadStatements, facts: AccountFacts): Promise<OwnChain> {
  const own = await readWhole(suites, read, facts);
  const { chain } = own;
  if (!equal(chain.fingerprint, facts.fingerprint)) throw otherAccount();
  if (!equal(chain.ca, facts.caFingerprint)) {
    throw new KeyboxPeerFault('certificate-mismatch', 'the account belongs to another authority than this server');
  }
  if (chain.hashes.length < facts.chain.length) throw rollback('the server shows a shorter sigchain than there was');
  if (!chainExtends(chain, facts.chain)) {
    throw new ProtocolPeerFault('split-view', 'the server shows another past of this account than its owner signed');
  }
  return own;
}

/**
 * Holds an opened bundle against the chain, whose newest statement about bundles must name exactly it. Throws
 * `rollback` for an older bundle or a chain that was cut, `bundle-invalid`.
 */
export function checkBundle(
  { bundle: named }: Chain,
  { bundle, hash }: { readonly bundle: AccountBundle; readonly hash: Uint8Array },
): void {
  const version = named?.version ?? 0;
  if (bundle.version < version) throw rollback('the server gives an older account bundle than the sigchain names');
  if (bundle.version > version) throw rollback('the server shows a sigchain from before this account bundle');
  if (named === null || !equal(named.hash, hash)) {
    throw new ProtocolPeerFault('bundle-invalid', 'the account bundle is not the one that the sigchain names');
  }
}

async function readWhole(suites: Suites, read: ReadStatements, { address, fingerprint }: AccountFacts) {
  const statements: Envelope[] = [];
  let chain: Chain | null = null;
  for (;;) {
    const answer = await read(statements.length);
    if (!equal(answer.fingerprint, fingerprint)) throw otherAccount();
    for (const next of answer.statements) {
      chain = chain === null ? await beginChain(suites, next, address) : await extendChain(suites, chain, next);
      statements.push(next);
    }
    if (chain === null || (answer.statements.length === 0 && statements.length < answer.head.length)) {
      throw rollback('the server withholds statements of the sigchain');
    }
    if (statements.length < answer.head.length) continue;
    if (chainExtends(chain, answer.head)) return { chain, statements };
    throw new ProtocolPeerFault('split-view', 'the statements do not lead to the head that the server signed');
  }
}

function otherAccount(): ProtocolPeerFault {
  return new ProtocolPeerFault('identity-conflict', 'the server has another account under this address');
}

function rollback(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('rollback', what);
}
