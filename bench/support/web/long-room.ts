import { hex, parseHex } from '@sotto/bytes';
import { KeyBox, type OpenSession, signInAccount } from '@sotto/keybox';
import { DirectoryStorage, nodePlatform } from '@sotto/keybox-node';
import { type Address, ERA_RECORDS, parseDeviceName } from '@sotto/protocol';
import { type Place, placeIn, writeAt } from '../bulk-author.ts';

/** A room with as many messages as one likes, written over as many eras as they take, and as if in two years. */
export class LongRoom {
  readonly id: string;
  readonly #writer: OpenSession;
  readonly #place: Place;
  readonly #total: number;
  #written = 0;
  #inEra = 1;

  private constructor(writer: OpenSession, place: Place, total: number) {
    this.id = hex(place.room);
    this.#writer = writer;
    this.#place = place;
    this.#total = total;
  }

  /** Makes it. `total` is how many messages it will have in the end. */
  static async make(writer: OpenSession, name: string, total: number): Promise<LongRoom> {
    const { id } = await new KeyBox(writer).createRoom({ name, type: 'chat', history: 'all', keying: 'era' });
    const begun = writer.clock.now() - TWO_YEARS_MILLISECONDS;
    // What the author's clock says of each: the step leads to now with the last.
    let at = begun;
    const clock = { ...writer.clock, now: () => (at += TWO_YEARS_MILLISECONDS / total) };
    return new LongRoom(writer, await placeIn({ ...writer, clock }, parseHex(id)), total);
  }

  get written(): number {
    return this.#written;
  }

  /** Writes as many as still go into the era. */
  async fillEra(upTo: number = this.#total): Promise<void> {
    const [before, count] = [this.#written, Math.min(upTo - this.#written, IN_ERA - this.#inEra)];
    await writeAt(this.#writer.link, this.#place, { count, text: (i) => messageText(before + i) });
    this.#written += count;
    this.#inEra += count;
  }

  /** Another device of the account reads on and begins the eras, until there are so many messages, and it has read all of them. */
  async fill(upTo: number, other: OpenSession): Promise<void> {
    const box = new KeyBox(other);
    await readAll(box, this.#written);
    while (this.#written < upTo) {
      if (this.#inEra >= IN_ERA) {
        await box.rotateRoom(this.id);
        await this.#place.enterEra(other.keys);
        this.#inEra = 0;
      }
      await this.fillEra(upTo);
      await readAll(box, this.#written);
      console.log(`${this.#written.toLocaleString('en')} messages are written, and verified by another device`);
    }
    const { messages } = await box.pageMessages(this.id, { limit: 1 });
    await box.markRead(this.id, messages.at(-1)?.n ?? 0);
    await readAll(box, this.#written);
  }
}

/** A device of the account outside of any browser, its vault in a folder. */
export async function nativeDevice(
  server: string,
  {
    name,
    folder,
    address,
    passphrase,
  }: { readonly name: string; readonly folder: string; readonly address: Address; readonly passphrase: string },
): Promise<OpenSession> {
  return signInAccount(await nodePlatform(), new DirectoryStorage(folder), {
    address,
    server,
    caFingerprint: null,
    passphrase,
    deviceName: parseDeviceName(name),
    vault: 'normal',
  });
}

/** Mostly a line, now and then some lines or a paragraph. The number and the topic are what is searched for. */
function messageText(n: number): string {
  const said = `message ${n} about ${TOPICS[n % TOPICS.length]}`;
  if (n % 23 === 0) return `${said}\n${PARAGRAPH}`;
  return n % 7 === 0 ? `${said}\n- first\n- second\n- and third` : said;
}

async function readAll(box: KeyBox, count: number): Promise<void> {
  const { online, faults } = await box.sync();
  const { indexed } = await box.search.coverage();
  if (!online || faults.length > 0 || indexed !== count) throw new Error(`${indexed} of ${count} are here: ${faults}`);
}

export const TOPICS = ['bread', 'weather', 'the harbour', 'accounts', 'the new roof', 'trains'] as const;
const PARAGRAPH =
  'Whoever was there says that it took longer than it should have, that nobody was to blame, and that the next time somebody should ring beforehand. '.repeat(
    3,
  );
/** A little less than an era takes. */
const IN_ERA = ERA_RECORDS - 10;
const TWO_YEARS_MILLISECONDS = 2 * 365 * 24 * 3600 * 1000;
