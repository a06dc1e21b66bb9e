import { equal, Fault, hex } from '@sotto/bytes';
import type { KeyPair } from '@sotto/crypto';
import { type Chain, type ChainDevice, padSignal, type Signal, signal, unpadSignal } from '@sotto/protocol';
import { type Contact, sameIdentity } from '../contact-book.ts';
import type { Contacts } from '../contacts.ts';
import { KeyboxPeerFault } from '../fault.ts';
import { isAway } from '../intentions.ts';
import type { RoomReader } from '../room-batch.ts';
import { Turns } from '../turns.ts';
import type { Party } from './phone-state.ts';

/** A message of a call, opened, and its author found to be who he says. */
export interface Letter {
  readonly signal: Signal;
  /** What was signed, without padding. */
  readonly encoded: Uint8Array;
  readonly from: Party;
  readonly chain: Chain;
  readonly device: ChainDevice;
}

/** Brings messages of calls from device to device. */
export class Post {
  readonly #reader: RoomReader;
  readonly #contacts: Contacts;
  readonly #turns: Turns;
  readonly #outgoing = new Turns();
  #key: Promise<KeyPair> | null = null;
  #sealing = 0;
  #isResting = false;

  constructor(reader: RoomReader, { contacts, turns }: { readonly contacts: Contacts; readonly turns: Turns }) {
    this.#reader = reader;
    this.#contacts = contacts;
    this.#turns = turns;
  }

  /** Throws `unreachable`, `throttled`. */
  async send(to: Chain, container: Uint8Array): Promise<void> {
    await this.#reader.session.link.call('signals.send', { to: to.address, container });
  }

  /** Sends in order and waits for nobody; what is lost is repeated by whoever needs an answer. */
  queue(to: Chain, value: Signal): void {
    this.#enqueue(to, async () => (await this.seal(to, value)).container);
  }

  queueSealed(to: Chain, container: Uint8Array): void {
    this.#enqueue(to, async () => container);
  }

  /** Signs and seals for every device of both accounts. */
  async seal(to: Chain, value: Signal): Promise<{ readonly container: Uint8Array; readonly encoded: Uint8Array }> {
    const encoded = signal.encode(signal.check(value));
    const { sealContainerFor } = await import('../containers.ts');
    const content = padSignal(encoded);
    this.#sealing += 1;
    try {
      const certificateKey = await this.#heldKey();
      const order = { readers: [to], certificates: [], content, purpose: 'signalling', certificateKey } as const;
      return { container: await sealContainerFor(this.#reader.session, order), encoded };
    } finally {
      this.#sealing -= 1;
      if (this.#isResting) this.rest();
    }
  }

  /** Nobody calls or waits to be called: the key that signs goes, when nothing is being sealed with it. */
  rest(): void {
    this.#isResting = true;
    if (this.#sealing > 0) return;
    this.#key?.then(({ secretKey }) => secretKey.dispose()).catch(() => undefined);
    this.#key = null;
  }

  /** Resolves when everything was sent, or could not be. */
  async settled(): Promise<void> {
    await this.#outgoing.run(async () => undefined);
  }

  /**
   * Opens what came. Null for what this device sent itself. Throws the faults of containers and formats, `device-unendorsed`,
   * `call-stranger` for who is no contact, `call-expired`.
   */
  async open(container: Uint8Array): Promise<Letter | null> {
    const { session } = this.#reader;
    const { openFor } = await import('../containers.ts');
    const opened = await openFor(session, container, 'signalling');
    if (opened.status !== 'valid') throw new KeyboxPeerFault('call-stranger', 'a signal that nobody of ours signed');
    const { fingerprint, deviceId } = opened.sender;
    const isOwn = equal(fingerprint, session.identity.fingerprint);
    if (isOwn && equal(deviceId, session.identity.deviceId)) return null;
    if (!isOwn && (await this.#contactOf(fingerprint)) === null) {
      throw new KeyboxPeerFault('call-stranger', 'a signal of somebody who is no contact');
    }
    const { chain, device } = await this.#author(opened.sender);
    const encoded = unpadSignal(opened.content);
    const parsed = signal.parse(encoded);
    const age = session.clock.now() - parsed.at;
    if (age > MAX_AGE_MILLISECONDS || age < -MAX_SKEW_MILLISECONDS) {
      throw new KeyboxPeerFault('call-expired', 'a signal of another time, or from a clock that is wrong');
    }
    const from = { account: hex(fingerprint), device: hex(deviceId) };
    return { signal: parsed, encoded, from, chain, device };
  }

  /** The chain of an account as the server has it now, or as it is known if the server is away. */
  async newest(chain: Chain): Promise<Chain> {
    const { chains } = this.#reader;
    try {
      return (await this.#turns.run(() => chains.refresh(chain.fingerprint, chain.address))) ?? chain;
    } catch (cause) {
      if (!isAway(cause)) throw cause;
      return (await chains.known(chain.fingerprint)) ?? chain;
    }
  }

  async #heldKey(): Promise<KeyPair> {
    this.#isResting = false;
    this.#key ??= this.#reader.session.identity.certificateKey();
    try {
      return await this.#key;
    } catch (cause) {
      this.#key = null;
      throw cause;
    }
  }

  #enqueue(to: Chain, sealed: () => Promise<Uint8Array>): void {
    const sent = this.#outgoing.run(async () => this.send(to, await sealed()));
    sent.catch((cause: unknown) => {
      // The call goes on without its server; what the other end misses it learns from the media.
      if (!(cause instanceof Fault) || cause.blame === 'bug') throw cause;
    });
  }

  async #contactOf(fingerprint: Uint8Array): Promise<Contact | null> {
    const contacts = await this.#contacts.list();
    return contacts.find(({ state, ...it }) => state === 'mutual' && sameIdentity(it.fingerprint, fingerprint)) ?? null;
  }

  /** A device that is not known may be a new one: the chain is read on before it is refused. */
  async #author(author: {
    readonly fingerprint: Uint8Array;
    readonly deviceId: Uint8Array;
    readonly spkiHash: Uint8Array;
  }): Promise<{ readonly chain: Chain; readonly device: ChainDevice }> {
    const { checkAuthor } = await import('../containers.ts');
    const known = await this.#reader.chains.known(author.fingerprint);
    if (known === null) throw new KeyboxPeerFault('call-stranger', 'a signal of somebody who is not known here');
    const chain = known.devices.has(hex(author.deviceId)) ? known : await this.newest(known);
    const device = checkAuthor(chain, author);
    if (device.expiresAt !== null && device.expiresAt <= this.#reader.session.clock.now()) {
      throw new KeyboxPeerFault('call-stranger', 'a signal of a device whose time is over');
    }
    return { chain, device };
  }
}

/** A minute of validity, and a minute by which clocks may differ. */
const MAX_AGE_MILLISECONDS = 120_000;
const MAX_SKEW_MILLISECONDS = 60_000;
