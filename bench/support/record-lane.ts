import { type CborValue, equal, parseHex } from '@sotto/bytes';
import type { RecordSubmission } from '@sotto/protocol';
import type { FirstLine } from '../../test/support/home-server.ts';
import { type Place, placeIn } from './bulk-author.ts';
import type { Lane } from './closed-loop.ts';
import { DeviceChannel } from './device-channel.ts';
import type { Pair } from './pairs.ts';

/**
 * A pair of devices. The writer sends what waits as a client's outbox does: one request at a time, with as many records
 * as fit. The reader asks from its cursor whenever it is told that there is more. Records are sealed beforehand.
 */
export class RecordLane implements Lane {
  readonly #writer: DeviceChannel;
  readonly #reader: DeviceChannel;
  readonly #place: Place;
  readonly #sealed: RecordSubmission[] = [];
  #cursor: number;
  #due = 0;
  #isWriting = false;
  #isReading = false;
  #length = 0;
  delivered: () => void = () => undefined;

  private constructor(writer: DeviceChannel, reader: DeviceChannel, place: Place) {
    this.#writer = writer;
    this.#reader = reader;
    this.#place = place;
    this.#cursor = place.length;
    reader.onEvent = (event) => {
      if (event.event === 'room' && equal(event.room, place.room)) void this.#read(event.length);
    };
  }

  static async open(server: FirstLine, { writer, reader, room }: Pair): Promise<RecordLane> {
    const place = await placeIn(writer.session, parseHex(room));
    const channels = await Promise.all([writer, reader].map(({ session }) => DeviceChannel.open(server, session)));
    return new RecordLane(channels[0] as DeviceChannel, channels[1] as DeviceChannel, place);
  }

  /** Has at least so many records ready, each with a text of 1 KiB. */
  async seal(count: number): Promise<void> {
    while (this.#sealed.length < count) this.#sealed.push(await this.#place.next(TEXT));
  }

  send(count: number): void {
    this.#due += count;
    if (!this.#isWriting) void this.#write();
  }

  close(): void {
    this.#writer.close();
    this.#reader.close();
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#due > 0) {
      const records = this.#sealed.splice(0, Math.min(this.#due, MAX_RECORDS));
      if (records.length === 0) throw new Error('more was sent than was sealed');
      this.#due -= records.length;
      const input = { room: this.#place.room, records } as unknown as CborValue;
      const { refused } = (await this.#writer.call('records.append', input)) as { readonly refused: string | null };
      if (refused !== null) throw new Error(`the server refused a record: ${refused}`);
    }
    this.#isWriting = false;
  }

  async #read(length: number): Promise<void> {
    this.#length = length;
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#cursor < this.#length) {
      const input = { room: this.#place.room, from: this.#cursor, limit: 500 };
      const { entries } = (await this.#reader.call('rooms.read', input)) as { readonly entries: readonly CborValue[] };
      this.#cursor += entries.length;
      for (let i = 0; i < entries.length; i++) this.delivered();
    }
    this.#isReading = false;
  }
}

const TEXT = 'A text of one kibibyte, as long as what people write at most. '.repeat(20).slice(0, 1024);
/** Of one request. */
const MAX_RECORDS = 64;
