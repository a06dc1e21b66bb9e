import { equal, hex } from '@sotto/bytes';
import { type Address, type BodyContent, type Chain, type ContactState, ProtocolPeerFault } from '@sotto/protocol';
import { logKey } from './key-log.ts';
import type { Part } from './ports.ts';
import type { Session } from './session.ts';

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
 * The contacts part: who is known here and in which state. What becomes of somebody is queued into the account room
 * first, so that it is done again if it was cut off.
 */
export class ContactBook {
  readonly #session: Session;
  readonly #journal: ContactJournal;

  constructor(session: Session, journal: ContactJournal) {
    this.#session = session;
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

  async write({ address, fingerprint, state, verified, note }: Contact): Promise<void> {
    await this.#session.contacts.apply([
      {
        sql: `INSERT INTO contact (address, fingerprint, state, verified, note) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT (address) DO UPDATE SET fingerprint = excluded.fingerprint, state = excluded.state,
          verified = excluded.verified, note = excluded.note`,
        parameters: [address, fingerprint, state, verified ? 1 : 0, note],
      },
    ]);
  }

  /** Somebody with whom one side waits for the other. */
  async wait(content: BodyContent<'contact'> & { state: 'requested' | 'incoming' }): Promise<Contact> {
    const contact: Contact = { ...content, verified: false };
    await this.#journal.state(content);
    await this.write(contact);
    return contact;
  }

  /** Both sides accepted: the identity is pinned. */
  async becomeMutual(contact: Contact, chain: Chain): Promise<void> {
    const { keys, clock } = this.#session;
    const pinned: Contact = { ...contact, state: 'mutual', fingerprint: chain.fingerprint };
    await this.#journal.pin(pinned, chain);
    await keys.apply([
      { sql: 'UPDATE room SET hidden = 0 WHERE adder = ?', parameters: [chain.fingerprint] },
      logKey(clock, { event: 'contact/mutual', who: contact.address, fingerprint: hex(chain.fingerprint) }),
    ]);
    // Last: until it is written, whatever was cut off is done again.
    await this.write(pinned);
  }

  /** Changes what is remembered of somebody whose identity is known, or only that they are blocked. */
  async change(contact: Contact, chain: Chain | null): Promise<void> {
    const { address, state, note } = contact;
    if (chain !== null && state !== 'requested' && state !== 'incoming') await this.#journal.pin(contact, chain);
    else if (state === 'blocked') await this.#journal.state({ address, state, fingerprint: null, note });
    await this.write(contact);
  }

  async forget(address: Address): Promise<void> {
    if ((await this.find(address)) === null) return;
    await this.#journal.state({ address, state: 'removed', fingerprint: null, note: '' });
    await this.#session.contacts.apply([{ sql: 'DELETE FROM contact WHERE address = ?', parameters: [address] }]);
  }
}

/** Fingerprints, in hexadecimal, of those who were verified. */
export async function verifiedContacts(contacts: Part): Promise<ReadonlySet<string>> {
  const rows = await contacts.query<{ fingerprint: Uint8Array }>(
    'SELECT fingerprint FROM contact WHERE verified = 1 AND fingerprint IS NOT NULL',
  );
  return new Set(rows.map(({ fingerprint }) => hex(fingerprint)));
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

export function sameIdentity(known: Uint8Array | null, other: Uint8Array): boolean {
  return known !== null && equal(known, other);
}

export function identityConflict(address: Address): ProtocolPeerFault {
  return new ProtocolPeerFault('identity-conflict', `the identity of ${address} is not the one that is known here`);
}
