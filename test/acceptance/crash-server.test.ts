import { setTimeout } from 'node:timers/promises';
import { Fault } from '@sotto/bytes';
import { assert, test } from 'vitest';
import { befriendClients, Client } from '../support/client.ts';
import { TemporaryFolder } from '../support/folder.ts';
import { hastyClock } from '../support/hasty-clock.ts';
import { HomeServer } from '../support/home-server.ts';
import { SeededNumbers } from '../support/random.ts';

/** How often the server is killed: SOTTO_KILLS, or what fits into a run of all tests. */
const KILLS = Number(process.env['SOTTO_KILLS'] ?? 200);
const SEED = process.env['SOTTO_SEED'] ?? 'crash-server';

test(
  `${KILLS} kill -9 of the server under load lose, double and reorder nothing (SOTTO_SEED=${SEED})`,
  async () => {
    using folder = new TemporaryFolder();
    await using server = await HomeServer.start({ data: folder.at('server') });
    await using ada = clientIn(folder, 'ada');
    await using bea = clientIn(folder, 'bea', 'classic');
    await using cem = clientIn(folder, 'cem');
    const ward = await meet(server, { ada, bea, cem });
    const direct = (await ada.box.directRoom(bea.address)).id;
    for (const client of [bea, cem]) await client.box.sync();

    const load = new Load();
    const senders = [
      load.run(ada, { rooms: [ward, ward, direct], rotates: ward }),
      load.run(bea, { rooms: [ward, direct] }),
      load.run(cem, { rooms: [ward] }),
    ];
    await killAgainAndAgain(server, load, new SeededNumbers(SEED));
    load.stop();
    await Promise.all(senders);

    for (let round = 0; round < 3; round++) for (const client of [ada, bea, cem]) await settle(client);
    await load.verify(ward, [ada, bea, cem]);
    await load.verify(direct, [ada, bea]);
    for (const client of [ada, bea, cem]) {
      assert.deepEqual(await client.box.listOutbox(), []);
      assert.deepEqual(
        (await client.box.audit()).filter(({ ok }) => !ok),
        [],
      );
    }
    console.log(`${KILLS} kills, ${load.acknowledged} messages acknowledged at once, ${load.sent} in all`);
    assert.isAbove(load.acknowledged, 2 * KILLS);
  },
  20 * 60_000,
);

function clientIn(folder: TemporaryFolder, name: string, suite: 'classic' | 'hybrid' = 'hybrid'): Client {
  return new Client({ folder: folder.at(name), name, suite, clock: hastyClock(4) });
}

/** Signs all up, makes them contacts and puts them into one room. */
async function meet(server: HomeServer, { ada, bea, cem }: Record<'ada' | 'bea' | 'cem', Client>): Promise<string> {
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

/** Every kill but some meets a server that has just acknowledged messages; the others meet one that is starting. */
async function killAgainAndAgain(server: HomeServer, load: Load, numbers: SeededNumbers): Promise<void> {
  for (let kill = 0; kill < KILLS; kill++) {
    if (kill % 10 === 9) {
      await server.stop();
      await server.startAndKill(numbers.below(700));
    } else {
      await load.flows(1 + numbers.below(12));
      await setTimeout(numbers.below(60));
      await server.kill();
    }
    await server.start();
  }
  await load.flows(20);
}

/** People who send without a pause, and what they were told. */
class Load {
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

async function settle({ box }: Client): Promise<void> {
  const { online, faults } = await box.sync();
  assert.deepEqual({ online, faults }, { online: true, faults: [] });
}
