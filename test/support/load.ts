import { setTimeout } from 'node:timers/promises';
import { Fault } from '@sotto/bytes';
import { assert } from 'vitest';
import { befriendClients, Client } from './client.ts';
import type { TemporaryFolder } from './folder.ts';
import { hastyClock } from './hasty-clock.ts';
import type { HomeServer } from './home-server.ts';

/** People who send without a pause, and what they were told. */
export class Load {
  /** Texts by room, in the order in which each sender sent them. */
  readonly #texts = new Map<string, string[]>();
  #acknowledged = 0;
  #stopping = false;

  get acknowledged(): number {
    return this.#acknowledged;
  }

  get sent(): number {
    return [...this.#texts.values()].reduce((sum, texts) => sum + texts.length, 0);
  }

  stop(): void {
    this.#stopping = true;
  }

  /** Resolves when so many messages more were acknowledged. */
  async flows(messages: number): Promise<void> {
    const enough = this.acknowledged + messages;
    const patience = AbortSignal.timeout(60_000);
    while (this.acknowledged < enough) {
      if (patience.aborted) throw new Error('nothing has been acknowledged for a minute');
      await setTimeout(5);
    }
  }

  /** Sends in the rooms by turns; now and then makes a new era, and reads what the others wrote. */
  async run(
    client: Client,
    { rooms, rotates }: { readonly rooms: readonly string[]; readonly rotates?: string },
  ): Promise<void> {
    for (let i = 1; !this.#stopping; i++) {
      const room = rooms[i % rooms.length] as string;
      const text = `${client.options.name} ${i}`;
      this.#textsOf(room).push(text);
      const sent = await reached(client.box.sendMessage(room, text));
      if (sent?.state === 'accepted') this.#acknowledged += 1;
      else await setTimeout(20);
      if (rotates !== undefined && i % 60 === 0) await reached(client.box.rotateRoom(rotates));
      if (i % 15 === 0) await reached(client.box.sync());
    }
  }

  /** Everything sent, acknowledged at once or later, is there once, in each sender's order, in one order for all, readable. */
  async verify(room: string, members: readonly Client[]): Promise<void> {
    const sent = this.#textsOf(room);
    const views = await Promise.all(members.map(({ box }) => box.listMessages(room)));
    const orders = views.map((view) => view.map(({ n, id, text }) => ({ n, id, text })));
    for (const [i, view] of views.entries()) {
      const texts = view.map(({ text }) => text);
      assert.deepEqual(
        view.filter(({ state }) => state === 'undecryptable' || state === 'queued'),
        [],
      );
      assert.deepEqual(texts.toSorted(), sent.toSorted(), `${members[i]?.options.name} has each message once`);
      assert.deepEqual(orders[i], orders[0], 'all members see one order');
      for (const { options } of members) {
        const own = (all: readonly string[]): readonly string[] => all.filter((text) => text.startsWith(options.name));
        assert.deepEqual(own(texts), own(sent), `what ${options.name} sent is in the order of sending`);
      }
    }
  }

  #textsOf(room: string): string[] {
    const texts = this.#texts.get(room) ?? [];
    this.#texts.set(room, texts);
    return texts;
  }
}

/** Null if the server was not to be reached; everything else is a fault of this test. */
async function reached<Result>(work: Promise<Result>): Promise<Result | null> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'unreachable') return null;
    throw cause;
  }
}

export function clientIn(folder: TemporaryFolder, name: string, suite: 'classic' | 'hybrid' = 'hybrid'): Client {
  return new Client({ folder: folder.at(name), name, suite, clock: hastyClock(4) });
}

/** Signs all up, makes them contacts and puts them into one room. */
export async function meet(
  server: HomeServer,
  { ada, bea, cem }: Record<'ada' | 'bea' | 'cem', Client>,
): Promise<string> {
  await ada.signUp(server.invitation);
  const [first, second] = await ada.box.createInvitations(2);
  await bea.signUp(first as string);
  await cem.signUp(second as string);
  await befriendClients(ada, bea);
  await befriendClients(ada, cem);
  const { id } = await ada.box.createRoom({ name: 'ward', type: 'chat', history: 'all', keying: 'era' });
  for (const client of [bea, cem]) await ada.box.addMember(id, client.address, 'member');
  return id;
}

/** Everything that is due goes out and comes in. */
export async function settle({ box }: Client): Promise<void> {
  const { online, faults } = await box.sync();
  assert.deepEqual({ online, faults }, { online: true, faults: [] });
}
