import { concat, equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { type Extent, type LogEntry, logHash, type SignedHead, type Skeleton } from '@sotto/protocol';
import type { City, Person } from './city.ts';

/**
 * A room's log as the server tells it to one reader: begun as the real one, altered at will, with heads signed for
 * whatever it then hashes to.
 */
export class Tale {
  readonly room: Uint8Array;
  entries: LogEntry[];
  readonly #city: City;
  readonly #listener: Person;
  readonly #stops: (() => void)[] = [];

  private constructor(city: City, listener: Person, { room, entries }: Pick<Tale, 'room' | 'entries'>) {
    this.#city = city;
    this.#listener = listener;
    this.room = room;
    this.entries = entries;
  }

  /** The log as `listener` may read it, from its first entry. */
  static async of(city: City, listener: Person, room: Uint8Array): Promise<Tale> {
    return new Tale(city, listener, { room, entries: await readLog(listener, room) });
  }

  /** Tells it from now on. */
  tell(): this {
    const { room } = this;
    this.#stops.push(
      this.#listener.link.lie('rooms.read', async (honest, input) => {
        if (!equal(input.room, room)) return honest();
        const entries = this.entries.map((entry, n) => ({ ...entry, n })).slice(input.from, input.from + input.limit);
        return { entries, head: await this.head() };
      }),
      this.#listener.link.lie('rooms.skeleton', async (honest, input) => {
        if (!equal(input.room, room)) return honest();
        return { ...skeletonOf(this.entries, input), head: await this.head() };
      }),
      this.#listener.link.lie('rooms.list', async (honest, input) => {
        const rooms = (await honest()).rooms.filter((each) => !equal(each.room, room));
        const head = await this.head();
        const told = { room, type: 'chat', length: this.entries.length, at: head.at, head } as const;
        return { rooms: input.after === null ? [told, ...rooms] : rooms };
      }),
    );
    return this;
  }

  /** The server is honest again. */
  end(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** What the entries hash to, up to a length. */
  extent(length: number = this.entries.length): Extent {
    return logExtent(this.entries.slice(0, length));
  }

  head(length?: number): Promise<SignedHead> {
    return this.#city.signHead({ kind: 'room', id: this.room }, this.extent(length));
  }
}

/** What a skeleton of entries tells. */
export function skeletonOf(
  entries: readonly LogEntry[],
  { from, limit }: { readonly from: number; readonly limit: number },
): Pick<Skeleton, 'hashes' | 'statements'> {
  const told = entries.map((entry, n) => ({ ...entry, n })).slice(from, from + limit);
  const statements = told.filter((entry) => entry.kind === 'statement');
  return { hashes: concat(...told.map(signedHash)), statements };
}

/** A whole log as the server gives it to this person. */
export async function readLog({ session }: Person, room: Uint8Array): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (;;) {
    const page = await session.link.call('rooms.read', { room, from: entries.length, limit: 500 });
    if (page.entries.length === 0) return entries;
    entries.push(...page.entries);
  }
}

/** Length and log hash of entries that begin with `create`. */
export function logExtent(entries: readonly LogEntry[]): Extent {
  let hash = new Uint8Array();
  for (const [n, entry] of entries.entries()) {
    const signed = signedHash(entry);
    hash = n === 0 ? signed : logHash(hash, n, signed);
  }
  return { length: entries.length, hash };
}

function signedHash(entry: LogEntry): Uint8Array<ArrayBuffer> {
  return sha256(entry.kind === 'statement' ? entry.envelope.signed : entry.record.signed);
}
