import { equal, hex } from '@sotto/bytes';
import {
  type Address,
  type BusinessCard,
  type ComparedIdentity,
  comparisonDigits,
  comparisonOrder,
  fingerprintDigits,
  fingerprintPictures,
  formatComparison,
  type KeyLogEntry,
  type PictureWords,
  parseCard,
  parseComparison,
} from '@sotto/protocol';
import type { Chains } from '../chains.ts';
import { identityConflict } from '../contact-book.ts';
import type { Contacts } from '../contacts.ts';
import { KeyboxPolicyFault, KeyboxUsageFault } from '../fault.ts';
import { isAway } from '../intentions.ts';
import { logKey } from '../key-log.ts';
import type { Session } from '../session.ts';
import type { Turns } from '../turns.ts';
import { type KeyChangeView, keyHistory } from './key-history.ts';

/** One side of a comparison. */
export interface ComparedView {
  readonly address: Address;
  /** Hexadecimal. */
  readonly fingerprint: string;
  /** 16 of them. */
  readonly pictures: readonly PictureWords[];
  /** The 60 decimal digits of the business card. */
  readonly digits: string;
}

/** What two people compare; docs/spec/comparison.md. */
export interface ComparisonView {
  readonly own: ComparedView;
  readonly theirs: ComparedView;
  /** Whose half stands first on both screens. */
  readonly first: 'own' | 'theirs';
  /** The 60-digit number of the pair. */
  readonly digits: string;
  /** For the other to scan. */
  readonly code: string;
}

/** Finding out whether somebody is who they say, and what became of their keys. */
export class People {
  readonly #session: Session;
  readonly #contacts: Contacts;
  readonly #chains: Chains;
  readonly #turns: Turns;

  constructor(
    session: Session,
    { contacts, chains, turns }: { readonly contacts: Contacts; readonly chains: Chains; readonly turns: Turns },
  ) {
    this.#session = session;
    this.#contacts = contacts;
    this.#chains = chains;
    this.#turns = turns;
  }

  /** Reads a card link, a vCard or an address. Throws `card-malformed`. */
  async readCard(text: string): Promise<BusinessCard> {
    return parseCard(text);
  }

  /** What to compare with a contact. Throws `not-found`, and `unverified` before there is an identity to compare. */
  async compare(address: Address): Promise<ComparisonView> {
    const own = this.#own();
    const theirs = await this.#known(address);
    return {
      own: comparedView(own),
      theirs: comparedView(theirs),
      first: comparisonOrder(own, theirs)[0] === own ? 'own' : 'theirs',
      digits: comparisonDigits(own, theirs),
      code: formatComparison({ shownBy: own, shownTo: theirs }),
    };
  }

  /**
   * Takes the code that a contact's screen shows, and verifies the contact if both sides know the same keys. Throws
   * `comparison-malformed`, `comparison-other` for the code of another pair, `identity-conflict`, and what `compare` throws.
   */
  async scan(address: Address, code: string): Promise<void> {
    const { shownBy, shownTo } = parseComparison(code.trim());
    const own = this.#own();
    if (shownBy.address !== address || shownTo.address !== own.address) {
      throw new KeyboxUsageFault('comparison-other', `the code is not what ${address} shows to this account`);
    }
    await this.#turns.run(async () => {
      await this.#known(address);
      if (!equal(shownTo.fingerprint, own.fingerprint)) await this.#tellConflict(address);
      await this.#contacts.verify(address, shownBy.fingerprint);
    });
  }

  /** What was compared did not match: the contact is not verified any more, and the key log tells of it. */
  async mismatch(address: Address): Promise<void> {
    await this.#turns.run(async () => {
      await this.#known(address);
      await this.#contacts.unverify(address);
      const cause = identityConflict(address);
      await this.#log({ event: 'verification/mismatch', who: address }, cause);
    });
  }

  /** Takes a verification back; the pinned keys stay. */
  async unverify(address: Address): Promise<void> {
    await this.#turns.run(async () => {
      await this.#known(address);
      await this.#contacts.unverify(address);
      await this.#log({ event: 'verification/withdrawn', who: address });
    });
  }

  /**
   * What the contact's chain says happened to their keys, newest first; without a network as far as it is known here.
   * Throws what is wrong with a chain.
   */
  async history(address: Address): Promise<readonly KeyChangeView[]> {
    return this.#turns.run(async () => {
      const { fingerprint } = await this.#known(address);
      const refreshed = await this.#chains.refresh(fingerprint, address).catch(unlessAway);
      const chain = refreshed ?? (await this.#chains.known(fingerprint));
      return chain === null ? [] : keyHistory(this.#session.keys, chain);
    });
  }

  async #tellConflict(address: Address): Promise<never> {
    const cause = identityConflict(address);
    await this.#log({ event: 'verification/other-keys', who: address }, cause);
    throw cause;
  }

  async #log(entry: KeyLogEntry, cause?: unknown): Promise<void> {
    const { clock, keys } = this.#session;
    await keys.apply([logKey(clock, entry, cause)]);
  }

  #own(): ComparedIdentity {
    const { address, fingerprint } = this.#session.identity;
    return { address, fingerprint };
  }

  async #known(address: Address): Promise<ComparedIdentity> {
    const contact = await this.#contacts.find(address);
    if (contact === null) throw new KeyboxUsageFault('not-found', `${address} is not among the contacts`);
    if (contact.state === 'requested' || contact.fingerprint === null) {
      throw new KeyboxPolicyFault('unverified', `${address} has not accepted yet: there is no identity to compare`);
    }
    return { address, fingerprint: contact.fingerprint };
  }
}

function unlessAway(cause: unknown): null {
  if (isAway(cause)) return null;
  throw cause;
}

function comparedView({ address, fingerprint }: ComparedIdentity): ComparedView {
  return {
    address,
    fingerprint: hex(fingerprint),
    pictures: fingerprintPictures(fingerprint),
    digits: fingerprintDigits(fingerprint),
  };
}
