import { Fault, hex, parseHex } from '@sotto/bytes';
import { Secret, sha256 } from '@sotto/crypto';
import {
  type Address,
  type Chain,
  chainExtent,
  isPicture,
  isProfileText,
  MAX_PICTURE_BYTES,
  type ProfileContent,
  profileContent,
  sealProfile,
  signProfile,
} from '@sotto/protocol';
import type { Contacts } from '../contacts.ts';
import { KeyboxPeerFault, KeyboxUsageFault } from '../fault.ts';
import { readCounter, writeCounter } from '../meta.ts';
import { enqueue } from '../outbox.ts';
import type { RoomReader } from '../room-batch.ts';
import type { Turns } from '../turns.ts';
import { audienceOf, giveKey, isKeySpent, keyIdOf, noteOwnKey } from './audience.ts';
import { isChecked, knownProfile, refreshProfile } from './others.ts';
import { type OwnProfile, readOwn, writeOwn } from './own.ts';

/** What somebody says of themselves; never shown without the address, for anybody may call themselves anything. */
export interface ProfileView {
  readonly address: Address;
  readonly name: string;
  readonly title: string;
  readonly phone: string;
  /** A whole PNG or JPEG file. */
  readonly picture: Uint8Array | null;
}

/** What people say of themselves, sealed under a key that contacts and members of common rooms are given. */
export class Profile {
  readonly #reader: RoomReader;
  readonly #contacts: Contacts;
  readonly #turns: Turns;

  constructor(reader: RoomReader, { contacts, turns }: { readonly contacts: Contacts; readonly turns: Turns }) {
    this.#reader = reader;
    this.#contacts = contacts;
    this.#turns = turns;
  }

  /**
   * Changes the own profile; what is not named stays. It is kept here and for the other devices at once, and published
   * as soon as the server is reached. Throws `profile-malformed`.
   */
  async set(change: Partial<ProfileContent>): Promise<ProfileView> {
    return this.#turns.run(async () => {
      const known = await this.#own();
      const content = checked({ ...(known?.content ?? EMPTY), ...change });
      await this.#keep({ version: (known?.version ?? 0) + 1, key: known?.key ?? this.#newKey(), content });
      await this.careOnline();
      return { address: this.#reader.session.identity.address, ...content };
    });
  }

  /** The own profile as this account keeps it. */
  async own(): Promise<ProfileView> {
    const content = (await this.#own())?.content ?? EMPTY;
    return { address: this.#reader.session.identity.address, ...content };
  }

  /** Somebody's profile, asked for anew if the server is there. Throws `not-found` for who shows none to this account. */
  async show(address: Address): Promise<ProfileView> {
    return this.#turns.run(async () => {
      const { session } = this.#reader;
      if (address === session.identity.address) return this.own();
      const audience = await audienceOf(this.#reader, this.#contacts);
      const found = [...audience].find(([, each]) => each === address);
      const chain = found === undefined ? null : await this.#reader.chains.known(parseHex(found[0]));
      if (chain === null) throw new KeyboxUsageFault('not-found', `${address} is no contact and in no common room`);
      await this.#whenOnline(() => refreshProfile(this.#reader, chain));
      const profile = await knownProfile(this.#reader, chain.fingerprint);
      if (profile === null) throw new KeyboxUsageFault('not-found', `${address} shows no profile to this account`);
      return { address, ...profile };
    });
  }

  /** What this account is called in one room; null for as everywhere. Throws `profile-malformed`. */
  async setInRoom(room: string, name: string | null): Promise<void> {
    if (name !== null) checked({ ...EMPTY, name });
    const content = { name };
    await this.#turns.run(() => enqueue(this.#reader, parseHex(room), { kind: 'profile', content, class: 'quiet' }));
  }

  /** After somebody was blocked or removed: at once, or with the next sync if the server is out of reach. */
  async careOnline(): Promise<void> {
    await this.#whenOnline(() => this.care());
  }

  /**
   * Publishes what is not published, makes a new key when somebody who has it may read the profile no more, gives it to
   * those who may, and asks for the profiles of others now and then; part of every sync.
   */
  async care(): Promise<void> {
    const audience = await audienceOf(this.#reader, this.#contacts);
    const own = await this.#own();
    if (own !== null) await this.#careOwn(own, audience);
    let left = MAX_REFRESHES;
    for (const fingerprint of [...audience.keys()].map(parseHex)) {
      const chain = left === 0 ? null : await this.#reader.chains.known(fingerprint);
      if (chain === null || (await isChecked(this.#reader, fingerprint))) continue;
      left -= 1;
      await refreshProfile(this.#reader, chain).catch(passRefusal);
    }
  }

  async #careOwn(kept: OwnProfile, audience: ReadonlyMap<string, Address>): Promise<void> {
    const isSpent = await isKeySpent(this.#reader, kept, audience);
    const own = isSpent ? { ...kept, version: kept.version + 1, key: this.#newKey() } : kept;
    if (own !== kept) await this.#keep(own);
    await noteOwnKey(this.#reader, own);
    const { contacts } = this.#reader.session;
    if ((await readCounter(contacts, PUBLISHED)) < own.version) {
      const { version, accepted } = await this.#publish(own);
      // Another device, or this one before a crash, was faster: the next version goes out with the next sync.
      if (!accepted) return this.#keep({ ...own, version: version + 1 });
      await contacts.apply([writeCounter(PUBLISHED, own.version)]);
    }
    await giveKey(this.#reader, own, audience);
  }

  async #publish(own: OwnProfile): Promise<{ readonly version: number; readonly accepted: boolean }> {
    const { session, chains } = this.#reader;
    const { primitives, identity, clock, link } = session;
    const chain = await chains.known(identity.fingerprint);
    if (chain === null) throw new KeyboxPeerFault('vault-damaged', 'the own chain is missing from the vault');
    using key = new Secret(Uint8Array.from(own.key));
    const salt = primitives.randomBytes(32);
    const account = identity.fingerprint;
    const sealed = await sealProfile(primitives, key, { account, salt, content: own.content });
    const statement = {
      v: 1,
      suite: identity.suite.id,
      account,
      device: identity.deviceId,
      chain: chainExtent(chain as Chain),
      version: own.version,
      keyId: keyIdOf(own),
      salt,
      sealed: sha256(sealed),
      at: clock.now(),
    } as const;
    const envelope = await signProfile(identity.suite, statement, identity.signing.secretKey);
    return link.call('profiles.set', { envelope, sealed });
  }

  /** First for the other devices, then here: a crash in between loses nothing that was answered. */
  async #keep(own: OwnProfile): Promise<void> {
    const { identity, contacts } = this.#reader.session;
    const key = `own-profile/${own.version}/${hex(sha256(own.key))}/${hex(sha256(profileContent.encode(own.content)))}`;
    await enqueue(this.#reader, identity.accountRoom, { kind: 'own-profile', content: own, class: 'quiet', key });
    await contacts.apply([writeOwn(own)]);
  }

  #own(): Promise<OwnProfile | null> {
    return readOwn(this.#reader.session.contacts);
  }

  #newKey(): Uint8Array {
    return this.#reader.session.primitives.randomBytes(32);
  }

  async #whenOnline(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      if (!(cause instanceof Fault) || (cause.code !== 'unreachable' && cause.code !== 'channel-broken')) throw cause;
    }
  }
}

/** One profile that is refused, as the key log tells, does not stop the others. */
function passRefusal(cause: unknown): void {
  if (!(cause instanceof Fault) || cause.blame === 'bug' || cause.blame === 'usage') throw cause;
  if (cause.code === 'channel-broken') throw cause;
}

function checked(content: ProfileContent): ProfileContent {
  const { name, title, phone, picture } = content;
  for (const [text, most] of [
    [name, 64],
    [title, 128],
    [phone, 32],
  ] as const) {
    if ([...text].length > most) throw malformed(`at most ${most} characters`);
    if (!isProfileText(text))
      throw malformed('one line, without @ and invisible characters, not beginning or ending in a space');
  }
  if (picture !== null && picture.length > MAX_PICTURE_BYTES) throw malformed('a picture has at most 64 KiB');
  if (picture !== null && !isPicture(picture)) throw malformed('a picture is a PNG or JPEG file');
  return { name, title, phone, picture };
}

function malformed(what: string): KeyboxUsageFault {
  return new KeyboxUsageFault('profile-malformed', `profile: ${what}`);
}

const EMPTY: ProfileContent = { name: '', title: '', phone: '', picture: null };
const PUBLISHED = 'own-profile/published';
/** Of others in one sync. */
const MAX_REFRESHES = 16;
