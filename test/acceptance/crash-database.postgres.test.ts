import { setTimeout } from 'node:timers/promises';
import { Postgres } from '@sotto/testing';
import { assert, test } from 'vitest';
import { TemporaryFolder } from '../support/folder.ts';
import { HomeServer } from '../support/home-server.ts';
import { clientIn, Load, meet, settle } from '../support/load.ts';
import { SeededNumbers } from '../support/random.ts';

/** How often the database is killed: SOTTO_KILLS, or what fits into a run of all tests. */
const KILLS = Number(process.env['SOTTO_KILLS'] ?? 12);
const SEED = process.env['SOTTO_SEED'] ?? 'crash-database';

test(
  `${KILLS} kills of PostgreSQL under load lose, double and reorder nothing (SOTTO_SEED=${SEED})`,
  async () => {
    using folder = new TemporaryFolder();
    await using postgres = await Postgres.start();
    const database = await postgres.createDatabase();
    await using server = await HomeServer.start({ data: folder.at('server'), database });
    await using ada = clientIn(folder, 'ada');
    await using bea = clientIn(folder, 'bea', 'classic');
    await using cem = clientIn(folder, 'cem');
    const ward = await meet(server, { ada, bea, cem });
    for (const client of [bea, cem]) await client.box.sync();
    const load = new Load();
    const senders = [
      load.run(ada, { rooms: [ward], rotates: ward }),
      load.run(bea, { rooms: [ward] }),
      load.run(cem, { rooms: [ward] }),
    ];
    await killAgainAndAgain({ postgres, server, load });
    load.stop();
    await Promise.all(senders);

    for (let round = 0; round < 3; round++) for (const client of [ada, bea, cem]) await settle(client);
    await load.verify(ward, [ada, bea, cem]);
    for (const client of [ada, bea, cem]) {
      assert.deepEqual(await client.box.listOutbox(), []);
      assert.deepEqual(
        (await client.box.audit()).filter(({ ok }) => !ok),
        [],
      );
    }
    assert.match(server.said, /"event":"database-lost"/);
    assert.isAbove(load.acknowledged, 2 * KILLS);
  },
  10 * 60_000,
);

interface Scene {
  readonly postgres: Postgres;
  readonly server: HomeServer;
  readonly load: Load;
}

/** Like a crash of PostgreSQL, of its parent process alone, and of PostgreSQL and server at once. */
async function killAgainAndAgain({ postgres, server, load }: Scene): Promise<void> {
  const numbers = new SeededNumbers(SEED);
  for (let kill = 0; kill < KILLS; kill++) {
    await load.flows(1 + numbers.below(12));
    await setTimeout(numbers.below(60));
    if (kill % 3 === 2) await server.kill();
    await postgres.end(kill % 3 === 1 ? 'SIGKILL' : 'SIGQUIT');
    await setTimeout(numbers.below(300));
    await postgres.resume();
    if (kill % 3 === 2) await server.start();
  }
  await load.flows(20);
}
