import { equal, hex } from '@sotto/bytes';
import { type Address, type Chain, type ContactState, ProtocolPolicyFault } from '@sotto/protocol';
import type { Chains } from './chains.ts';
import { type Contact, ContactBook, type ContactJournal, identityConflict, sameIdentity } from './contact-book.ts';
import { ContactReception } from './contact-reception.ts';
import { ContactStatements } from './contact-statements.ts';
import { KeyboxPolicyFault, KeyboxUsageFault } from './fault.ts';
import { logKey } from './key-log.ts';
import type { Session } from './session.ts';
import type { ContactView } from './views.ts';

/**
 * Whom this account allows to reach it. The server keeps the list of addresses so that it can block; identities are
 * pinned here, at the first acceptance, and never replaced silently.
 */
export class Contacts {
  readonly #session: Session;
  readonly #chains: Chains;
  readonly #book: ContactBook;
  readonly #statements: ContactStatements;
  readonly #reception: ContactReception;

  constructor(session: Session, chains: Chains, journal: ContactJournal) {
    this.#session = session;
    this.#chains = chains;
    this.#book = new ContactBook(session, journal);
    this.#statements = new ContactStatements(session, chains);
    this.#reception = new ContactReception(session, chains, { book: this.#book, statements: this.#statements });
  }

  find(address: Address): Promise<Contact | null> {
    return this.#book.find(address);
  }

  list(): Promise<readonly Contact[]> {
    return this.#book.list();
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
    await this.#statements.request(address, isMutual ? known.fingerprint : expected);
    // The other side may have ended it without a word: the request lets them begin again, and nothing changes here.
    if (isMutual) return;
    await this.#book.wait({ address, fingerprint: expected, state: 'requested', note: known?.note ?? '' });
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
    await this.#statements.accept(chain);
    await this.#book.becomeMutual(contact, chain);
  }

  async block(address: Address): Promise<void> {
    await this.#session.link.call('contacts.block', { address });
    const contact = (await this.find(address)) ?? { address, fingerprint: null, verified: false, note: '' };
    await this.#change({ ...contact, state: 'blocked' });
  }

  /**
   * Ends a block. Whose identity is pinned is asked to be a contact again, as the same one, and is verified anew; anybody
   * else is forgotten. Throws `not-found` for who is not blocked.
   */
  async unblock(address: Address): Promise<void> {
    const contact = await this.find(address);
    if (contact?.state !== 'blocked') throw new KeyboxUsageFault('not-found', `${address} is not blocked`);
    await this.#session.link.call('contacts.remove', { address });
    const { fingerprint, note } = contact;
    if (fingerprint === null) return this.#book.forget(address);
    await this.#statements.request(address, fingerprint);
    await this.#book.wait({ address, fingerprint, state: 'requested', note });
  }

  async remove(address: Address): Promise<void> {
    await this.#session.link.call('contacts.remove', { address });
    await this.#book.forget(address);
  }

  /** Compares the full fingerprint once; it covers all devices of the person, now and later. Throws `identity-conflict`. */
  async verify(address: Address, fingerprint: Uint8Array): Promise<void> {
    const { clock, keys } = this.#session;
    const contact = await this.find(address);
    if (contact === null) throw new KeyboxUsageFault('not-found', `${address} is not among the contacts`);
    if (contact.state === 'requested' || contact.fingerprint === null) {
      throw new KeyboxPolicyFault('unverified', `${address} has not accepted yet: there is no identity to verify`);
    }
    if (!equal(contact.fingerprint, fingerprint)) {
      const cause = identityConflict(address);
      await keys.apply([logKey(clock, { event: 'verification/conflict', who: address }, cause)]);
      throw cause;
    }
    const chain = await this.#chains.reaching(fingerprint, { address, length: 1 });
    if (chain === null) throw new KeyboxUsageFault('not-found', `the keys of ${address} cannot be had`);
    await this.#book.change({ ...contact, verified: true }, chain);
    await keys.apply([logKey(clock, { event: 'verification/verified', who: address })]);
  }

  /** Takes a verification back; the pinned identity stays. Throws `not-found`. */
  async unverify(address: Address): Promise<void> {
    const contact = await this.find(address);
    if (contact === null) throw new KeyboxUsageFault('not-found', `${address} is not among the contacts`);
    if (contact.verified) await this.#change({ ...contact, verified: false });
  }

  async note(address: Address, note: string): Promise<void> {
    const contact = await this.find(address);
    if (contact === null) throw new KeyboxUsageFault('not-found', `${address} is not among the contacts`);
    await this.#change({ ...contact, note });
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
      else await this.#statements.request(address, fingerprint);
    }
  }

  /** Takes one contact statement that came for this account. Throws why it is refused; nothing has changed then. */
  receive(item: Uint8Array): Promise<void> {
    return this.#reception.take(item);
  }

  async #change(contact: Contact): Promise<void> {
    const chain = contact.fingerprint === null ? null : await this.#chains.known(contact.fingerprint);
    await this.#book.change(contact, chain);
  }
}

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
