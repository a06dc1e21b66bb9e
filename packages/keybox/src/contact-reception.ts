import { equal, Fault, hex } from '@sotto/bytes';
import {
  type Chain,
  type ContactStatement,
  chainExtends,
  contactStatement,
  envelope as envelopeFormat,
  ProtocolPeerFault,
  verifyContactStatement,
} from '@sotto/protocol';
import type { Chains } from './chains.ts';
import { type ContactBook, identityConflict, sameIdentity } from './contact-book.ts';
import type { ContactStatements } from './contact-statements.ts';
import { logKey } from './key-log.ts';
import type { Session } from './session.ts';

/** Takes the contact statements of others. */
export class ContactReception {
  readonly #session: Session;
  readonly #chains: Chains;
  readonly #book: ContactBook;
  readonly #statements: ContactStatements;

  constructor(
    session: Session,
    chains: Chains,
    { book, statements }: { readonly book: ContactBook; readonly statements: ContactStatements },
  ) {
    this.#session = session;
    this.#chains = chains;
    this.#book = book;
    this.#statements = statements;
  }

  /** Takes one contact statement that came for this account. Throws why it is refused; nothing has changed then. */
  async take(item: Uint8Array): Promise<void> {
    const { identity, suites } = this.#session;
    const envelope = envelopeFormat.parse(item);
    const { author, authorAddress, chain: extent } = contactStatement.parse(envelope.signed);
    if (authorAddress === identity.address) {
      throw new ProtocolPeerFault('identity-conflict', 'somebody else under the address of this account');
    }
    const chain = await this.#chains
      .reaching(author, { address: authorAddress, length: extent.length })
      .catch(notGiven);
    if (chain === null) throw new ProtocolPeerFault('pending-chain', `the keys of ${authorAddress} cannot be had`);
    const statement = await verifyContactStatement(suites, envelope, { author: chain, to: identity.address });
    if (statement.type === 'request') await this.#receiveRequest(statement, chain);
    else await this.#receiveAccept(statement, chain);
  }

  async #receiveRequest(statement: ContactStatement & { type: 'request' }, chain: Chain): Promise<void> {
    const { identity, keys, clock } = this.#session;
    const known = await this.#book.find(chain.address);
    if (known?.state === 'blocked') return;
    if (statement.expected !== null && !equal(statement.expected, identity.fingerprint)) {
      throw new ProtocolPeerFault('identity-conflict', `${chain.address} asks for another identity under this address`);
    }
    if (known?.fingerprint != null && !equal(known.fingerprint, chain.fingerprint))
      throw identityConflict(chain.address);
    if (known?.state === 'mutual') {
      await this.#answer(chain);
      return;
    }
    // It waits already: what is brought again and again fills no log.
    if (known?.state === 'incoming') return;
    const incoming = await this.#book.wait({
      address: chain.address,
      fingerprint: chain.fingerprint,
      state: 'incoming',
      note: known?.note ?? '',
    });
    const entry = { event: 'contact/asks', who: chain.address, fingerprint: hex(chain.fingerprint) } as const;
    await keys.apply([logKey(clock, entry)]);
    if (known?.state === 'requested' && (await this.#answer(chain))) {
      await this.#book.becomeMutual(incoming, chain);
    }
  }

  /** Accepts whom we asked ourselves, or never stopped to accept; false if the request was taken back meanwhile. */
  async #answer(chain: Chain): Promise<boolean> {
    try {
      await this.#statements.accept(chain);
      return true;
    } catch (cause) {
      if (cause instanceof Fault && cause.code === 'not-found') return false;
      throw cause;
    }
  }

  async #receiveAccept(statement: ContactStatement & { type: 'accept' }, chain: Chain): Promise<void> {
    const { identity } = this.#session;
    const contact = await this.#book.find(chain.address);
    if (contact?.state === 'mutual' && sameIdentity(contact.fingerprint, chain.fingerprint)) return;
    if (contact?.state !== 'requested') {
      throw new ProtocolPeerFault('contact-invalid', `${chain.address} accepts what was not asked`);
    }
    const own = await this.#chains.known(identity.fingerprint);
    const ours = equal(statement.peer, identity.fingerprint) && own !== null && chainExtends(own, statement.peerChain);
    if (!ours) throw new ProtocolPeerFault('identity-conflict', `${chain.address} accepted another identity than ours`);
    if (contact.fingerprint !== null && !equal(contact.fingerprint, chain.fingerprint))
      throw identityConflict(chain.address);
    await this.#book.becomeMutual(contact, chain);
  }
}

/** Keys that the server makes up are no fault of who wrote: the statement waits for the true ones. */
function notGiven(cause: unknown): null {
  const isOfKeys = cause instanceof Fault && ['peer', 'wire'].includes(cause.blame) && !NOT_OF_KEYS.has(cause.code);
  if (isOfKeys) return null;
  throw cause;
}

const NOT_OF_KEYS: ReadonlySet<string> = new Set([
  // Of the very genesis that the author is named by: no other will come.
  'chain-genesis-invalid',
  'channel-broken',
  'answer-malformed',
  'clock-skew',
  'server-restored',
  'vault-damaged',
]);
