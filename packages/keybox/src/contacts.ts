import { equal, Fault, hex } from '@sotto/bytes';
import {
  type Address,
  type BodyContent,
  type Chain,
  type ContactState,
  type ContactStatement,
  chainExtends,
  chainExtent,
  contactStatement,
  envelope as envelopeFormat,
  ProtocolPeerFault,
  ProtocolPolicyFault,
  signContactStatement,
  verifyContactStatement,
} from '@sotto/protocol';
import type { Chains } from './chains.ts';
import { KeyboxPolicyFault, KeyboxUsageFault } from './fault.ts';
import { keyLogEntry } from './key-log.ts';
import type { SqlStatement } from './ports.ts';
import type { Session } from './session.ts';
import type { ContactView } from './views.ts';

/** One row of the contacts part. */
export interface Contact {
  readonly address: Address;
  /** The pinned identity, or while `requested` the one that is expected; null if any is taken. */
  readonly fingerprint: Uint8Array | null;
  readonly state: ContactState;
  readonly verified: boolean;
  readonly note: string;
}

/** Queues into the account room, so that every device of the account knows; always before it shows here. */
export interface ContactJournal {
  pin(contact: Contact, chain: Chain): Promise<void>;
  state(content: BodyContent<'contact'>): Promise<void>;
}

/**
 * Whom this account allows to reach it. The server keeps the list of addresses so that it can block; identities are
 * pinned here, at the first acceptance, and never replaced silently.
 */
export class Contacts {
  readonly #session: Session;
  readonly #chains: Chains;
  readonly #journal: ContactJournal;

  constructor(session: Session, chains: Chains, journal: ContactJournal) {
    this.#session = session;
    this.#chains = chains;
    this.#journal = journal;
  }

  async find(address: Address): Promise<Contact | null> {
    const [row] = await this.#session.contacts.query<ContactRow>('SELECT * FROM contact WHERE address = ?', [address]);
    return row === undefined ? null : contactOf(row);
  }

  async list(): Promise<readonly Contact[]> {
    const rows = await this.#session.contacts.query<ContactRow>('SELECT * FROM contact ORDER BY rowid');
    return rows.map(contactOf);
  }

  /** Whether the identity is one that both sides accepted. */
  async isContact(fingerprint: Uint8Array): Promise<boolean> {
    return (await this.list()).some(
      (contact) => contact.state === 'mutual' && sameIdentity(contact.fingerprint, fingerprint),
    );
  }

  async isVerified(fingerprint: Uint8Array): Promise<boolean> {
    if (equal(fingerprint, this.#session.identity.fingerprint)) return true;
    return (await this.list()).some((contact) => contact.verified && sameIdentity(contact.fingerprint, fingerprint));
  }

  /** The pinned chain of a mutual contact, confirmed within the last day. Throws `not-contact`, `head-too-old`. */
  async chainOf(address: Address): Promise<Chain> {
    const contact = await this.find(address);
    if (contact?.state !== 'mutual' || contact.fingerprint === null) {
      throw new ProtocolPolicyFault('not-contact', `${address} is not a contact that accepted`);
    }
    return this.#chains.fresh(contact.fingerprint, address);
  }

  /** Sends a request, or accepts the one that is waiting. The answer never tells whether the address exists. */
  async add(address: Address, expected: Uint8Array | null): Promise<void> {
    const { identity } = this.#session;
    if (address === identity.address) throw new KeyboxUsageFault('not-found', 'one is no contact of oneself');
    const known = await this.find(address);
    if (known?.state === 'incoming') {
      if (expected !== null && !sameIdentity(known.fingerprint, expected)) throw identityConflict(address);
      return this.accept(address);
    }
    const isMutual = known?.state === 'mutual';
    if (isMutual && expected !== null && !sameIdentity(known.fingerprint, expected)) throw identityConflict(address);
    await this.#request(address, isMutual ? known.fingerprint : expected);
    // The other side may have ended it without a word: the request lets them begin again, and nothing changes here.
    if (isMutual) return;
    await this.#writeState({ address, fingerprint: expected, state: 'requested', note: known?.note ?? '' });
  }

  async #request(address: Address, expected: Uint8Array | null): Promise<void> {
    const { identity, link } = this.#session;
    const statement: ContactStatement = { ...(await this.#frame(address)), type: 'request', expected };
    const envelope = await signContactStatement(identity.suite, statement, identity.signing.secretKey);
    await link.call('contacts.request', { envelope });
  }

  /** Accepts a waiting request and pins its author's identity. Throws `not-found` if none waits. */
  async accept(address: Address): Promise<void> {
    const contact = await this.find(address);
    if (contact?.state === 'mutual') return;
    if (contact?.state !== 'incoming' || contact.fingerprint === null) {
      throw new KeyboxUsageFault('not-found', `no request of ${address} is waiting`);
    }
    const chain = await this.#chains.refresh(contact.fingerprint, address);
    if (chain === null) throw new KeyboxUsageFault('not-found', `the request of ${address} was withdrawn`);
    await this.#sendAccept(chain);
    await this.#becomeMutual({ ...contact, state: 'mutual' }, chain);
  }

  async #sendAccept(chain: Chain): Promise<void> {
    const { identity, link } = this.#session;
    const statement: ContactStatement = {
      ...(await this.#frame(chain.address)),
      type: 'accept',
      peer: chain.fingerprint,
      peerChain: chainExtent(chain),
    };
    const envelope = await signContactStatement(identity.suite, statement, identity.signing.secretKey);
    await link.call('contacts.accept', { envelope });
  }

  async block(address: Address): Promise<void> {
    await this.#session.link.call('contacts.block', { address });
    const contact = (await this.find(address)) ?? { address, fingerprint: null, verified: false, note: '' };
    const blocked: Contact = { ...contact, state: 'blocked' };
    const chain = blocked.fingerprint === null ? null : await this.#chains.known(blocked.fingerprint);
    if (chain === null) await this.#journal.state({ address, state: 'blocked', fingerprint: null, note: blocked.note });
    else await this.#journal.pin(blocked, chain);
    await this.#write(blocked);
  }

  async remove(address: Address): Promise<void> {
    await this.#session.link.call('contacts.remove', { address });
    if ((await this.find(address)) === null) return;
    await this.#journal.state({ address, state: 'removed', fingerprint: null, note: '' });
    await this.#session.contacts.apply([{ sql: 'DELETE FROM contact WHERE address = ?', parameters: [address] }]);
  }

  /** Compares the full fingerprint once; it covers all devices of the person, now and later. Throws `identity-conflict`. */
  async verify(address: Address, fingerprint: Uint8Array): Promise<void> {
    const contact = await this.find(address);
    if (contact === null) throw new KeyboxUsageFault('not-found', `${address} is not among the contacts`);
    if (contact.state === 'requested' || contact.fingerprint === null) {
      throw new KeyboxPolicyFault('unverified', `${address} has not accepted yet: there is no identity to verify`);
    }
    if (!equal(contact.fingerprint, fingerprint)) {
      const cause = identityConflict(address);
      const { clock, keys } = this.#session;
      await keys.apply([keyLogEntry(clock, { event: 'verification', text: `${address}: ${cause.message}`, cause })]);
      throw cause;
    }
    const chain = await this.#chains.reaching(fingerprint, { address, length: 1 });
    if (chain === null) throw new KeyboxUsageFault('not-found', `the keys of ${address} cannot be had`);
    if (contact.state === 'mutual') await this.#journal.pin({ ...contact, verified: true }, chain);
    await this.#write({ ...contact, verified: true });
    await this.#log('verification', `${address} was verified by full fingerprint`);
  }

  async note(address: Address, note: string): Promise<void> {
    const contact = await this.find(address);
    if (contact === null) throw new KeyboxUsageFault('not-found', `${address} is not among the contacts`);
    const chain = contact.fingerprint === null ? null : await this.#chains.known(contact.fingerprint);
    if (chain !== null && contact.state === 'mutual') await this.#journal.pin({ ...contact, note }, chain);
    await this.#write({ ...contact, note });
  }

  /**
   * Tells a server that was restored what it has lost of this list: blocks, open requests, and for whoever is a contact
   * here a request that their client answers without asking.
   */
  async sendAgain(): Promise<void> {
    const { link } = this.#session;
    const { contacts } = await link.call('contacts.list', {});
    const there = new Map<string, ContactState>(contacts.map(({ address, state }) => [address, state]));
    for (const { address, state, fingerprint } of await this.list()) {
      if (there.get(address) === state || state === 'incoming') continue;
      if (state === 'blocked') await link.call('contacts.block', { address });
      else await this.#request(address, fingerprint);
    }
  }

  /** Takes one contact statement that came for this account. Throws why it is refused; nothing has changed then. */
  async receive(item: Uint8Array): Promise<void> {
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
    const { identity } = this.#session;
    const known = await this.find(chain.address);
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
    const incoming = await this.#writeState({
      address: chain.address,
      fingerprint: chain.fingerprint,
      state: 'incoming',
      note: known?.note ?? '',
    });
    await this.#log(
      'contact',
      `${chain.address} asks to be a contact; fingerprint ${hex(chain.fingerprint)}, not verified`,
    );
    if (known?.state === 'requested' && (await this.#answer(chain))) {
      await this.#becomeMutual({ ...incoming, state: 'mutual' }, chain);
    }
  }

  /** Accepts whom we asked ourselves, or never stopped to accept; false if the request was taken back meanwhile. */
  async #answer(chain: Chain): Promise<boolean> {
    try {
      await this.#sendAccept(chain);
      return true;
    } catch (cause) {
      if (cause instanceof Fault && cause.code === 'not-found') return false;
      throw cause;
    }
  }

  async #receiveAccept(statement: ContactStatement & { type: 'accept' }, chain: Chain): Promise<void> {
    const { identity } = this.#session;
    const contact = await this.find(chain.address);
    if (contact?.state === 'mutual' && sameIdentity(contact.fingerprint, chain.fingerprint)) return;
    if (contact?.state !== 'requested') {
      throw new ProtocolPeerFault('contact-invalid', `${chain.address} accepts what was not asked`);
    }
    const own = await this.#chains.known(identity.fingerprint);
    const ours = equal(statement.peer, identity.fingerprint) && own !== null && chainExtends(own, statement.peerChain);
    if (!ours) throw new ProtocolPeerFault('identity-conflict', `${chain.address} accepted another identity than ours`);
    if (contact.fingerprint !== null && !equal(contact.fingerprint, chain.fingerprint))
      throw identityConflict(chain.address);
    await this.#becomeMutual({ ...contact, fingerprint: chain.fingerprint, state: 'mutual' }, chain);
  }

  async #becomeMutual(contact: Contact, chain: Chain): Promise<void> {
    const { keys, clock } = this.#session;
    const pinned = { ...contact, fingerprint: chain.fingerprint };
    const text = `${contact.address} is a contact now; fingerprint ${hex(chain.fingerprint)} is pinned`;
    await this.#journal.pin(pinned, chain);
    await keys.apply([
      { sql: 'UPDATE room SET hidden = 0 WHERE adder = ?', parameters: [chain.fingerprint] },
      keyLogEntry(clock, { event: 'contact', text }),
    ]);
    // Last: until it is written, whatever was cut off is done again.
    await this.#write(pinned);
  }

  async #frame(to: Address): Promise<Omit<ContactStatement & { type: 'request' }, 'type' | 'expected'>> {
    const { identity, clock } = this.#session;
    const own = await this.#chains.known(identity.fingerprint);
    if (own === null) throw new ProtocolPeerFault('pending-chain', 'the own chain is missing');
    return {
      v: 1,
      suite: identity.suite.id,
      author: identity.fingerprint,
      authorAddress: identity.address,
      device: identity.deviceId,
      chain: chainExtent(own),
      to,
      at: clock.now(),
    };
  }

  async #writeState(content: BodyContent<'contact'> & { state: 'requested' | 'incoming' }): Promise<Contact> {
    const contact: Contact = { ...content, verified: false };
    await this.#journal.state(content);
    await this.#write(contact);
    return contact;
  }

  async #write(contact: Contact): Promise<void> {
    await this.#session.contacts.apply([contactStatementRow(contact)]);
  }

  async #log(event: 'contact' | 'verification' | 'refused', text: string, cause?: unknown): Promise<void> {
    const { keys, clock } = this.#session;
    await keys.apply([keyLogEntry(clock, { event, text, cause })]);
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

export function contactView(
  { address, fingerprint, state, verified, note }: Contact,
  names: ReadonlyMap<string, string>,
): ContactView {
  const known = fingerprint === null || state === 'requested' ? null : hex(fingerprint);
  return {
    address,
    fingerprint: known,
    name: known === null ? null : (names.get(known) ?? null),
    state,
    verified,
    note,
  };
}

interface ContactRow {
  readonly address: Address;
  readonly fingerprint: Uint8Array | null;
  readonly state: ContactState;
  readonly verified: number;
  readonly note: string;
}

function contactOf({ address, fingerprint, state, verified, note }: ContactRow): Contact {
  return { address, fingerprint, state, verified: verified !== 0, note };
}

function contactStatementRow({ address, fingerprint, state, verified, note }: Contact): SqlStatement {
  return {
    sql: `INSERT INTO contact (address, fingerprint, state, verified, note) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (address) DO UPDATE SET fingerprint = excluded.fingerprint, state = excluded.state,
      verified = excluded.verified, note = excluded.note`,
    parameters: [address, fingerprint, state, verified ? 1 : 0, note],
  };
}

function sameIdentity(known: Uint8Array | null, other: Uint8Array): boolean {
  return known !== null && equal(known, other);
}

function identityConflict(address: Address): ProtocolPeerFault {
  return new ProtocolPeerFault('identity-conflict', `the identity of ${address} is not the one that is known here`);
}
