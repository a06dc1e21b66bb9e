import { Fault } from '@sotto/bytes';
import type { Address, PresenceChoice, PresenceState, Presence as WirePresence } from '@sotto/protocol';
import type { Contacts } from '../contacts.ts';
import { KeyboxPeerFault, KeyboxUsageFault } from '../fault.ts';
import { enqueue } from '../outbox.ts';
import type { RoomReader } from '../room-batch.ts';
import type { Turns } from '../turns.ts';
import { type PresenceSetting, readSetting, writeSetting } from './setting.ts';

/** How a contact is seen: the home server's word, for there is nobody else to say it. */
export interface PresenceView {
  readonly address: Address;
  readonly state: PresenceState;
  /** Milliseconds, to the minute; null unless the contact is offline and lets it be told. */
  readonly lastSeenAt: number | null;
  /** What the contact's programs say they can do; nothing that protects anybody may depend on it. */
  readonly capabilities: readonly string[];
}

/** Who is there: told between mutual contacts alone, and never kept. */
export class Presence {
  readonly #reader: RoomReader;
  readonly #contacts: Contacts;
  readonly #turns: Turns;

  constructor(reader: RoomReader, { contacts, turns }: { readonly contacts: Contacts; readonly turns: Turns }) {
    this.#reader = reader;
    this.#contacts = contacts;
    this.#turns = turns;
  }

  /** How this account wants to be seen. */
  async setting(): Promise<PresenceSetting> {
    return readSetting(this.#reader.session.contacts);
  }

  /** Chooses how to be seen, for all devices of the account and from now on. Without the server it is told later. */
  async set(state: PresenceChoice, options: { readonly lastSeen?: boolean } = {}): Promise<PresenceSetting> {
    return this.#turns.run(async () => {
      const { contacts, identity, clock } = this.#reader.session;
      const setting = { state, lastSeen: options.lastSeen ?? (await this.setting()).lastSeen };
      await enqueue(this.#reader, identity.accountRoom, { kind: 'presence', content: setting, class: 'quiet' });
      await contacts.apply([writeSetting(setting, clock.now())]);
      await this.announce();
      return setting;
    });
  }

  /** Tells the server how to show this device while it is connected; part of every sync. */
  async announce(): Promise<void> {
    const setting = await this.setting();
    try {
      await this.#reader.session.link.call('presence.set', { ...setting, capabilities: [...CAPABILITIES] });
    } catch (cause) {
      if (!isOffline(cause)) throw cause;
    }
  }

  /** How every mutual contact is seen now. Throws `unreachable`. */
  async list(): Promise<readonly PresenceView[]> {
    return this.#turns.run(async () => {
      const views: PresenceView[] = [];
      for (let after: Address | null = null; ; ) {
        const contacts = await this.#page(after);
        const last = contacts.at(-1);
        if (last === undefined) return views;
        for (const presence of contacts) {
          const view = await this.#judge(presence);
          if (view !== null) views.push(view);
        }
        after = last.address;
      }
    });
  }

  /** Throws `not-found` for anybody but a mutual contact, `unreachable`. */
  async show(address: Address): Promise<PresenceView> {
    const found = (await this.list()).find((view) => view.address === address);
    if (found === undefined) throw new KeyboxUsageFault('not-found', `${address} is not a contact that accepted`);
    return found;
  }

  /** Calls back with each change that the server tells, until the function that it gives is called. */
  watch(listener: (view: PresenceView) => void): () => void {
    return this.#reader.session.link.onEvent((event) => {
      if (event.event !== 'presence') return;
      this.#turns
        .run(() => this.#judge(event.presence))
        .then((view) => {
          if (view !== null) listener(view);
        })
        .catch((cause: unknown) => {
          // What the keys were refused for is in the key log, and meets the next sync again.
          if (!(cause instanceof Fault) || cause.blame === 'bug') throw cause;
        });
    });
  }

  async #page(after: Address | null): Promise<readonly WirePresence[]> {
    const { contacts } = await this.#reader.session.link.call('presence.list', { after });
    if (contacts.some(({ address }, i) => address <= (contacts[i - 1]?.address ?? after ?? ''))) {
      throw new KeyboxPeerFault('answer-malformed', 'the server repeats contacts');
    }
    return contacts;
  }

  /** Null for anybody but a mutual contact, whatever the server says. A longer sigchain is read and verified. */
  async #judge({ head, ...view }: WirePresence): Promise<PresenceView | null> {
    const contact = await this.#contacts.find(view.address);
    if (contact?.state !== 'mutual' || contact.fingerprint === null) return null;
    const { chains, heads, session } = this.#reader;
    const known = (await chains.known(contact.fingerprint))?.hashes.length ?? 0;
    if (head.length > known) await chains.refresh(contact.fingerprint, view.address);
    // A shorter one may have been under way while the chain was read.
    if (head.length === known) {
      await session.keys.apply([await heads.accept({ kind: 'chain', id: contact.fingerprint }, head)]);
    }
    return view;
  }
}

function isOffline(cause: unknown): boolean {
  return cause instanceof Fault && (cause.code === 'unreachable' || cause.code === 'channel-broken');
}

/** What this program can do that an older one may not. */
const CAPABILITIES = ['presence', 'search'];
