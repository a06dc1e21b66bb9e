import { setTimeout } from 'node:timers/promises';
import { assert, test } from 'vitest';
import { TemporaryFolder } from '../support/folder.ts';
import { HomeServer } from '../support/home-server.ts';
import { clientIn, Load, meet, settle } from '../support/load.ts';
import { SeededNumbers } from '../support/random.ts';

/** How often the server is killed at random moments: SOTTO_KILLS, or what fits into a run of all tests. */
const KILLS = Number(process.env['SOTTO_KILLS'] ?? (process.env['SOTTO_TEST_DATABASE'] === 'postgres' ? 10 : 20));
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
