import { hex, parseHex } from '@sotto/bytes';
import { encodePem } from '@sotto/pki';
import {
  type Address,
  type BodyContent,
  type Chain,
  chainExtent,
  isAdmin,
  type Keying,
  ProtocolPolicyFault,
  type Role,
  type RoomPolicy,
} from '@sotto/protocol';
import type { Admin } from './admin/admin.ts';
import { Archive } from './archive/archive.ts';
import type { ArchiveLimits } from './archive/limits.ts';
import type { SyncOptions } from './archive/progress.ts';
import type { AuditOptions, Auditor } from './audit/auditor.ts';
import type { Calls } from './calls/calls.ts';
import { card, showAccount } from './card.ts';
import { Chains } from './chains.ts';
import type { Contact } from './contact-book.ts';
import { Contacts, contactView } from './contacts.ts';
import { Devices } from './devices/devices.ts';
import { directWith, supersededDirects, unfinishedDirect } from './directs.ts';
import type { Enrolments } from './enrol/enrolments.ts';
import { EraKeys } from './era-keys.ts';
import { KeyboxPeerFault, KeyboxUsageFault } from './fault.ts';
import type { Files } from './files/files.ts';
import { Heads } from './heads.ts';
import { History } from './history.ts';
import { carryOut, intend, isAway, mayPass } from './intentions.ts';
import { listKeyLog } from './key-log.ts';
import type { KeyRequests } from './key-requests/key-requests.ts';
import { Messages, type SendOptions, type Sent } from './messages.ts';
import { enqueue } from './outbox.ts';
import type { People } from './people/people.ts';
import { checkAllowed, checkRecipients } from './policy/in-force.ts';
import { Policies } from './policy/policies.ts';
import { Presence } from './presence/presence.ts';
import { knownNames } from './profile/others.ts';
import { Profile } from './profile/profile.ts';
import { type CallsArea, rareAreas } from './rare-areas.ts';
import type { RoomReader } from './room-batch.ts';
import { RoomNotes } from './room-notes/room-notes.ts';
import { type KeptRoom, readRoom, readRooms } from './room-store.ts';
import { memberViews, roomViews } from './room-view.ts';
import {
  addMember,
  closeRoom,
  createRoomAt,
  leaveRoom,
  memberAt,
  removeMember,
  roomNotFound,
  setHistory,
  setRole,
} from './rooms.ts';
import { rotateRoom } from './rotation.ts';
import type { Search } from './search/search.ts';
import type { Session } from './session.ts';
import { Sync, type SyncResult } from './sync.ts';
import type { MessagePage, MessageWindow } from './timeline/window.ts';
import { Transparency } from './transparency/transparency.ts';
import { Turns } from './turns.ts';
import type {
  AccountView,
  AuditView,
  CardView,
  ContactView,
  ContainerStatus,
  KeyLogView,
  MemberView,
  MessageView,
  OutboxView,
  RoomView,
} from './views.ts';

/** One unlocked account: everything that a client can do, in the words of a client. */
export class KeyBox {
  readonly #session: Session;
  readonly #reader: RoomReader;
  readonly #contacts: Contacts;
  readonly #history: History;
  readonly #sync: Sync;
  readonly #messages: Messages;
  /** Null until somebody calls, or waits to be called. */
  #calls: Calls | null = null;
  #isClosed = false;
  /** What the account notes on its rooms for itself: pins, mutes, drafts. */
  readonly roomNotes: RoomNotes;
  /** Files of rooms. */
  readonly files: Files;
  /** What changes chains, logs or the outbox goes strictly in order. */
  readonly #turns = new Turns();
  /** What lies below the newest messages, and how much of it is here. */
  readonly archive: Archive;
  /** Verifies again what this device accepted, a little at a time. */
  readonly auditor: Auditor;
  /** Keys that members ask each other for. */
  readonly keyRequests: KeyRequests;

  /** For owners and admins: the administration of the home server. */
  readonly admin: Admin;
  /** The organisation's rules, as this device knows and obeys them. */
  readonly policy: Policies;
  /** What people say of themselves. */
  readonly profile: Profile;
  /** Whether contacts are who they say. */
  readonly people: People;
  /** Who is there. */
  readonly presence: Presence;
  /** Calls with contacts. */
  readonly calls: CallsArea;
  /** The home server's log of everybody's keys. */
  readonly transparency: Transparency;
  /** Finds what was said, on this device alone. */
  readonly search: Search;
  /** Lets other devices into the account. */
  readonly enrolments: Enrolments;

  /** Who can speak for this account. */
  readonly devices: Devices;

  constructor(session: Session, options: { readonly limits?: ArchiveLimits } = {}) {
    this.#session = session;
    const heads = new Heads(session);
    const chains = new Chains(session, heads);
    this.policy = new Policies(session, chains);
    this.#contacts = new Contacts(session, chains, {
      pin: (contact, chain) => this.#pin(contact, chain),
      state: async (content) => {
        await enqueue(this.#reader, session.identity.accountRoom, { kind: 'contact', content, class: 'quiet' });
      },
    });
    this.#history = new History(session, chains);
    const isContact = (fingerprint: Uint8Array): Promise<boolean> => this.#contacts.isContact(fingerprint);
    this.#reader = { session, heads, chains, eraKeys: new EraKeys(session, chains), isContact, ...options };
    this.presence = new Presence(this.#reader, { contacts: this.#contacts, turns: this.#turns });
    this.profile = new Profile(this.#reader, { contacts: this.#contacts, turns: this.#turns });
    this.transparency = new Transparency(this.#reader, { contacts: this.#contacts, turns: this.#turns });
    const { policy: policies, presence, profile, transparency } = this;
    const own = { policies, presence, profile, transparency };
    this.#sync = new Sync(this.#reader, { contacts: this.#contacts, history: this.#history, ...own });
    this.archive = new Archive(this.#reader, this.#turns);
    this.devices = new Devices(this.#reader, this.#turns, () => this.#sync.run());
    this.#messages = new Messages(this.#reader, { history: this.#history, sync: this.#sync, turns: this.#turns });
    this.roomNotes = new RoomNotes(this.#reader, { sync: this.#sync, turns: this.#turns });
    const parts = { reader: this.#reader, contacts: this.#contacts, history: this.#history, messages: this.#messages };
    const calls = {
      presence,
      self: () => this.#self(),
      recipient: (address: Address) => this.#turns.run(() => this.#newest(address)),
      record: (address: Address, content: BodyContent<'call'>) =>
        this.#turns.run(() => this.#recordCall(address, content)),
      begun: (begun: Calls) => this.#attend(begun),
    };
    const rare = rareAreas({ ...parts, sync: this.#sync, turns: this.#turns, policies, devices: this.devices, calls });
    this.admin = rare.admin;
    this.auditor = rare.auditor;
    this.calls = rare.calls;
    this.enrolments = rare.enrolments;
    this.files = rare.files;
    this.keyRequests = rare.keyRequests;
    this.people = rare.people;
    this.search = rare.search;
  }

  get address(): Address {
    return this.#session.identity.address;
  }

  /**
   * Brings this device up to date in both directions: mailbox, contacts, rooms, receipts, outbox. Without a network it
   * answers `online: false`; a room that cannot be read does not stop the others and is named in `faults`. Throws what
   * concerns the whole account: `rollback`, `split-view`, `clock-skew`, `device-revoked`. Rooms that are far behind show
   * their newest messages first, then the archive follows unless `archive` is `newest`.
   */
  async sync(options: SyncOptions = {}): Promise<SyncResult> {
    const result = await this.#turns.run(() => this.#syncRooms(options));
    if (result.online) await this.#calls?.care();
    if (options.archive === 'newest' || !result.online || !(await this.archive.isOpen())) return result;
    const fetched = await this.archive.fetch(options);
    if (!fetched.online || options.signal?.aborted) return fetched;
    const answered = await this.#turns.run(() => this.#sync.run());
    return { ...answered, faults: [...fetched.faults, ...answered.faults] };
  }

  /** Closes the connection; the vault is its opener's to close. */
  close(): void {
    this.#isClosed = true;
    this.#calls?.close();
    this.#session.link.close();
  }

  async showAccount(): Promise<AccountView> {
    return showAccount(this.#session, await this.#self());
  }

  async card(): Promise<CardView> {
    return card(this.#session);
  }

  /** One link each, for users. Throws `not-authorised` for anybody but owner and admins. */
  async createInvitations(count: number): Promise<readonly string[]> {
    return this.admin.createInvitations({ count, role: 'user', days: 7 });
  }

  async addContact(address: Address, options: { readonly expected?: Uint8Array } = {}): Promise<ContactView> {
    return this.#turns.run(async () => {
      await this.#contacts.add(address, options.expected ?? null);
      return this.#contact(address);
    });
  }

  async acceptContact(address: Address): Promise<ContactView> {
    return this.#turns.run(async () => {
      await this.#contacts.accept(address);
      return this.#contact(address);
    });
  }

  async blockContact(address: Address): Promise<ContactView> {
    return this.#turns.run(async () => {
      await this.#contacts.block(address);
      await this.profile.careOnline();
      return this.#contact(address);
    });
  }

  /**
   * Ends a block: a known identity is asked to be a contact again. Null if nothing was known of who was blocked. Throws
   * `not-found` for who is not blocked.
   */
  async unblockContact(address: Address): Promise<ContactView | null> {
    return this.#turns.run(async () => {
      await this.#contacts.unblock(address);
      const contact = await this.#contacts.find(address);
      return contact === null ? null : contactView(contact, await knownNames(this.#session));
    });
  }

  async removeContact(address: Address): Promise<void> {
    return this.#turns.run(async () => {
      await this.#contacts.remove(address);
      await this.profile.careOnline();
    });
  }

  async listContacts(): Promise<readonly ContactView[]> {
    const names = await knownNames(this.#session);
    return (await this.#contacts.list()).map((contact) => contactView(contact, names));
  }

  async showContact(address: Address): Promise<ContactView> {
    return this.#contact(address);
  }

  async noteContact(address: Address, note: string): Promise<ContactView> {
    return this.#turns.run(async () => {
      await this.#contacts.note(address, note);
      return this.#contact(address);
    });
  }

  async verifyContact(address: Address, fingerprint: Uint8Array): Promise<ContactView> {
    return this.#turns.run(async () => {
      await this.#contacts.verify(address, fingerprint);
      return this.#contact(address);
    });
  }

  async createRoom(options: {
    readonly name: string;
    readonly type: 'chat';
    readonly history: RoomPolicy['history'];
    readonly keying: Keying;
  }): Promise<RoomView> {
    return this.#turns.run(async () => {
      const { type, history, keying } = options;
      const room = await createRoomAt(this.#reader, { type, history, keying });
      await enqueue(this.#reader, room.state.id, { kind: 'room', content: { name: options.name, topic: '' } });
      return this.#flushedView(room.state.id);
    });
  }

  async listRooms(): Promise<readonly RoomView[]> {
    const rooms = (await readRooms(this.#session.keys)).filter(
      ({ state, hidden }) => !hidden && state.type !== 'account',
    );
    const superseded = supersededDirects(rooms);
    const shown = rooms.filter(({ state }) => !superseded.has(hex(state.id)));
    return roomViews(this.#session, this.#reader.chains, shown);
  }

  /** By id, id prefix of 8 or more digits, name, or for a direct room the peer's address. Throws `not-found`, `ambiguous`. */
  async findRoom(text: string): Promise<RoomView> {
    const rooms = await this.listRooms();
    const byId = /^[0-9a-f]{8,64}$/.test(text) ? rooms.filter(({ id }) => id.startsWith(text)) : [];
    const byName = rooms.filter(({ name }) => name === text);
    const found = byId.length > 0 ? byId : byName;
    if (found.length > 1)
      throw new KeyboxUsageFault('ambiguous', `${found.length} rooms are called ${text}; use the id`);
    const [room] = found;
    if (room === undefined) throw roomNotFound(text);
    return room;
  }

  /** The one direct room with a contact, made if there is none. */
  async directRoom(address: Address): Promise<RoomView> {
    return this.#turns.run(async () => this.#view(await this.#directRoom(address)));
  }

  /**
   * To the direct room with a contact. If there is none and none can be made now, the message waits in the outbox for
   * one, as `queued`. Throws `not-contact`.
   */
  async sendDirect(address: Address, text: string, options: { readonly key?: string } = {}): Promise<Sent> {
    try {
      const room = await this.#turns.run(() => this.#directRoom(address));
      return await this.#messages.send(room, text, options);
    } catch (cause) {
      if (!isAway(cause) || directWith(await readRooms(this.#session.keys), address) !== null) throw cause;
      const id = await intend(this.#reader, { address, text, key: options.key ?? null });
      return { id: hex(id), state: 'queued' };
    }
  }

  async roomMembers(room: string): Promise<readonly MemberView[]> {
    const { state } = await this.#room(room);
    const isVerified = (fingerprint: Uint8Array): Promise<boolean> => this.#contacts.isVerified(fingerprint);
    return memberViews(state, { isVerified, names: await knownNames(this.#session, state.id) });
  }

  async addMember(room: string, address: Address, role: Role): Promise<RoomView> {
    return this.#turns.run(async () => {
      const { state } = await this.#room(room);
      const chain = await this.#recipient(address);
      const name = (await this.#history.name(state.id))?.name ?? null;
      await addMember(this.#reader, state.id, { chain, role, name });
      return this.#flushedView(state.id);
    });
  }

  async removeMember(room: string, address: Address): Promise<RoomView> {
    return this.#turns.run(async () => {
      const { state } = await this.#room(room);
      await removeMember(this.#reader, state.id, memberAt(state, address).fingerprint);
      return this.#flushedView(state.id);
    });
  }

  async setRole(room: string, address: Address, role: Role): Promise<RoomView> {
    return this.#turns.run(async () => {
      const { state } = await this.#room(room);
      await setRole(this.#reader, state.id, { fingerprint: memberAt(state, address).fingerprint, role });
      return this.#flushedView(state.id);
    });
  }

  async renameRoom(room: string, name: string): Promise<RoomView> {
    const { state } = await this.#room(room);
    const own = state.members[hex(this.#session.identity.fingerprint)];
    if (own === undefined || !isAdmin(own.role)) {
      throw new ProtocolPolicyFault('role-insufficient', 'owners and admins name a room');
    }
    const topic = (await this.#history.name(state.id))?.topic ?? '';
    await this.#messages.enqueue(state.id, { kind: 'room', content: { name, topic } });
    return this.#turns.run(() => this.#flushedView(state.id));
  }

  async setHistory(room: string, history: RoomPolicy['history']): Promise<RoomView> {
    return this.#turns.run(async () => {
      const { state } = await this.#room(room);
      await setHistory(this.#reader, state.id, history);
      return this.#flushedView(state.id);
    });
  }

  async leaveRoom(room: string, options: { readonly successor?: Address } = {}): Promise<void> {
    return this.#turns.run(async () => {
      const { state } = await this.#room(room);
      const successor = options.successor === undefined ? null : memberAt(state, options.successor).fingerprint;
      await leaveRoom(this.#reader, state.id, successor);
    });
  }

  async closeRoom(room: string): Promise<void> {
    return this.#turns.run(async () => {
      const { state } = await this.#room(room);
      await closeRoom(this.#reader, state.id);
    });
  }

  async rotateRoom(room: string): Promise<RoomView> {
    return this.#turns.run(async () => {
      const { state } = await this.#room(room);
      await rotateRoom(this.#reader, state.id);
      return this.#flushedView(state.id);
    });
  }

  /** Durable before it resolves: `queued` if the server is out of reach, else `accepted`. The same key never sends twice. */
  async sendMessage(room: string, text: string, options: SendOptions = {}): Promise<Sent> {
    return this.#messages.send(await this.#room(room), text, options);
  }

  /** Sends a text on to another room, without saying who wrote it. Throws `policy-forbids`, `not-found` for a file. */
  async forwardMessage(room: string, id: string, to: string): Promise<Sent> {
    await checkAllowed(this.#session, 'forwarding');
    return this.#messages.forward(await this.#room(room), id, await this.#room(to));
  }

  async editMessage(room: string, id: string, text: string): Promise<Sent> {
    return this.#messages.edit(await this.#room(room), id, text);
  }

  /** The author's own, or as an admin anybody's; the server frees its copy too. */
  async deleteMessage(room: string, id: string): Promise<Sent> {
    return this.#messages.delete(await this.#room(room), id);
  }

  async reactMessage(room: string, id: string, text: string): Promise<Sent> {
    return this.#messages.react(await this.#room(room), id, text);
  }

  /** Takes back what `reactMessage` said. */
  async unreactMessage(room: string, id: string, text: string): Promise<Sent> {
    return this.#messages.unreact(await this.#room(room), id, text);
  }

  async markRead(room: string, upTo?: number): Promise<void> {
    await this.#messages.markRead(await this.#room(room), upTo ?? null);
  }

  /** Of a direct room also those of the rooms that it stands for, before its own. */
  async listMessages(room: string, options: { readonly after?: number } = {}): Promise<readonly MessageView[]> {
    return this.#messages.list(await this.#room(room), options.after ?? null);
  }

  /** A window on the messages of a room; of a direct room also on those of the rooms that it stands for. */
  async pageMessages(room: string, window: MessageWindow = {}): Promise<MessagePage> {
    return this.#messages.page(await this.#room(room), window);
  }

  /** One message of a room. Throws `not-found`. */
  async showMessage(room: string, id: string): Promise<MessageView> {
    return this.#messages.show(await this.#room(room), id);
  }

  /** Tries once more to open a message; null if it turns out to be nothing that is shown. Throws `unreachable`. */
  async retryMessage(room: string, id: string): Promise<MessageView | null> {
    return this.#messages.retry(await this.#room(room), id);
  }

  /** Everything that came or changed since the cursor; a cursor below 0 asks for the present one. */
  async changes(cursor: number): Promise<{ readonly messages: readonly MessageView[]; readonly cursor: number }> {
    return this.#messages.changes(cursor);
  }

  /** One message sealed once more as a container for everybody who reads the room: DER. */
  async showMessageContainer(room: string, id: string): Promise<Uint8Array> {
    await checkAllowed(this.#session, 'export');
    return this.#messages.container(await this.#room(room), id);
  }

  async listOutbox(): Promise<readonly OutboxView[]> {
    return this.#messages.outbox();
  }

  async dropOutbox(id: string): Promise<void> {
    await this.#messages.drop(id);
  }

  async flushOutbox(): Promise<{ readonly sent: number; readonly left: number }> {
    return this.#messages.flush();
  }

  async sealContainer(options: {
    readonly to: readonly Address[];
    readonly certificates: readonly Uint8Array[];
    readonly content: Uint8Array;
  }): Promise<Uint8Array> {
    return this.#turns.run(async () => {
      const readers: Chain[] = [];
      for (const address of options.to)
        readers.push(address === this.address ? await this.#self() : await this.#recipient(address));
      const { sealContainerFor } = await import('./containers.ts');
      return sealContainerFor(this.#session, { readers, certificates: options.certificates, content: options.content });
    });
  }

  async openContainer(
    container: Uint8Array,
  ): Promise<{ readonly content: Uint8Array; readonly status: ContainerStatus }> {
    const { openContainerAt } = await import('./containers.ts');
    return openContainerAt(this.#reader, container);
  }

  /** PEM of the own certificate. Throws `not-classic` for `encryption` outside the classic suite. */
  async certificate(use: 'encryption' | 'signature'): Promise<string> {
    const { identity } = this.#session;
    if (use === 'signature') return encodePem('CERTIFICATE', identity.certificate);
    if (identity.userKeyCertificate === null) {
      throw new KeyboxUsageFault('not-classic', 'only classic accounts have a certificate to encrypt to');
    }
    return encodePem('CERTIFICATE', identity.userKeyCertificate);
  }

  async keyLog(): Promise<readonly KeyLogView[]> {
    return listKeyLog(this.#session.keys);
  }

  /** Verifies everything from its first byte again, chains, heads and logs; `auditor` goes on where it was. */
  async audit(options: AuditOptions = {}): Promise<readonly AuditView[]> {
    return this.auditor.again(options);
  }

  /** From now on calls are cared for; a box that was closed meanwhile has none. */
  #attend(calls: Calls): void {
    this.#calls = calls;
    if (this.#isClosed) calls.close();
  }

  async #directRoom(address: Address): Promise<KeptRoom> {
    const rooms = await readRooms(this.#session.keys);
    const existing = directWith(rooms, address);
    if (existing !== null) return existing;
    const chain = await this.#recipient(address);
    const room =
      unfinishedDirect(rooms) ?? (await createRoomAt(this.#reader, { type: 'direct', keying: 'era', history: 'all' }));
    await addMember(this.#reader, room.state.id, { chain, role: 'owner', name: null });
    return this.#room(hex(room.state.id));
  }

  async #syncRooms(options: SyncOptions): Promise<SyncResult> {
    const result = await this.#sync.run(options);
    return result.online ? this.#sendIntended(result) : result;
  }

  /** What waited for a room goes out as soon as one can be made. */
  async #sendIntended(result: SyncResult): Promise<SyncResult> {
    try {
      const { moved, faults } = await carryOut(
        this.#reader,
        async (address) => (await this.#directRoom(address)).state.id,
      );
      const refused = moved ? await this.#sync.flushAll() : [];
      return { ...result, faults: [...result.faults, ...faults, ...refused] };
    } catch (cause) {
      if (mayPass(cause)) return { ...result, faults: [...result.faults, cause] };
      throw cause;
    }
  }

  async #flushedView(room: Uint8Array): Promise<RoomView> {
    await this.#sync.flush(room);
    return this.#view(await this.#room(hex(room)));
  }

  async #room(id: string): Promise<KeptRoom> {
    const room = await readRoom(this.#session.keys, parseHex(id));
    if (room === null) throw roomNotFound(id);
    return room;
  }

  async #view(room: KeptRoom): Promise<RoomView> {
    const [view] = await roomViews(this.#session, this.#reader.chains, [room]);
    return view as RoomView;
  }

  async #contact(address: Address): Promise<ContactView> {
    const contact = await this.#contacts.find(address);
    if (contact === null) throw new KeyboxUsageFault('not-found', `${address} is not among the contacts`);
    return contactView(contact, await knownNames(this.#session));
  }

  /** The chain of a contact to whom something may be sealed now. */
  async #recipient(address: Address): Promise<Chain> {
    const chain = await this.#contacts.chainOf(address);
    await checkRecipients(this.#session, [chain]);
    return chain;
  }

  /** The same, read from the server now if it is there: a device may have been revoked today. */
  async #newest(address: Address): Promise<Chain> {
    const { fingerprint } = await this.#contacts.chainOf(address);
    await this.#reader.chains.refresh(fingerprint, address);
    return this.#recipient(address);
  }

  async #recordCall(address: Address, content: BodyContent<'call'>): Promise<void> {
    const room = await this.#directRoom(address);
    await enqueue(this.#reader, room.state.id, { kind: 'call', content });
    await this.#sync.flush(room.state.id);
  }

  async #self(): Promise<Chain> {
    const chain = await this.#reader.chains.known(this.#session.identity.fingerprint);
    if (chain === null) throw new KeyboxPeerFault('vault-damaged', 'the own chain is missing from the vault');
    return chain;
  }

  async #pin(contact: Contact, chain: Chain): Promise<void> {
    const { address, verified, note, state } = contact;
    const content = {
      address,
      fingerprint: chain.fingerprint,
      chain: chainExtent(chain),
      verified,
      blocked: state === 'blocked',
      note,
    };
    await enqueue(this.#reader, this.#session.identity.accountRoom, { kind: 'pin', content, class: 'quiet' });
  }
}
