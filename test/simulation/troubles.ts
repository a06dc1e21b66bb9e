import { Fault, parseHex } from '@sotto/bytes';
import { tearable } from '@sotto/testing/simulation';
import { type Act, acts, type Device } from './acts.ts';
import { forgeries } from './forgeries.ts';
import type { Ledger } from './ledger.ts';
import { type Lie, leavesEvidence, taleNames } from './lies.ts';
import type { Run } from './run.ts';
import type { Climate } from './weather.ts';

/** How long the rooms of a restored server wait for devices that know more; longer than any troubles last. */
export const SETTLE_MILLISECONDS = 1_800_000;

/** Something that goes wrong. */
export interface Trouble {
  readonly of: keyof Climate;
  strike(run: Run): void;
}

export const troubles: readonly Trouble[] = [
  {
    of: 'cuts',
    strike({ city, chance, cast, ledger }) {
      const device = chance.happens(0.5) ? chance.pick(cast).name : null;
      ledger.note(`connections of ${device ?? 'everybody'} cut`);
      city.network.cut(device);
    },
  },
  {
    of: 'partitions',
    strike(run) {
      const { city, chance, cast, weather, ledger } = run;
      const ways = chance.pick([['device'], ['server'], ['device', 'server']]);
      const { name } = chance.pick(cast);
      ledger.note(`nothing gets through from ${name}: ${ways.join()}`);
      for (const way of ways) weather.blocked.add(`${name} to ${way}`);
      run.later(500 + chance.below(30_000), () => {
        for (const way of ways) weather.blocked.delete(`${name} to ${way}`);
        city.network.release();
      });
    },
  },
  {
    of: 'deviceCrashes',
    strike(run) {
      const { chance, cast, ledger } = run;
      const device = chance.pick(cast);
      const left = chance.below(12);
      ledger.note(`${device.name} is killed ${left} steps on`);
      if (left === 0) device.kill();
      else device.disk.crashPoint = { left, after: chance.happens(0.5) };
      restartLater(run, device.name);
    },
  },
  {
    of: 'serverCrashes',
    strike(run) {
      const { city, chance, domains, weather, ledger } = run;
      const domain = chance.pick(domains);
      const side = chance.pick(['now', 'before', 'before', 'after'] as const);
      ledger.note(`${domain} stops: ${side}`);
      if (side === 'now') city.home(domain).crash();
      else weather.crashing.set(domain, side);
      // Somebody is always just saying something.
      const speaker = chance.pick(run.cast);
      run.perform(speaker, 'send', acts.send);
      run.later(1000 + chance.below(15_000), () => startHome(run, domain));
    },
  },
  {
    of: 'fullDisks',
    strike(run) {
      const { city, chance, cast, domains, ledger } = run;
      const device = chance.happens(0.5) ? chance.pick(cast) : null;
      const disk = device === null ? city.home(chance.pick(domains)).disk : device.disk;
      ledger.note(`the disk of ${device?.name ?? 'a home'} is full`);
      disk.setFull(true);
      run.later(1000 + chance.below(20_000), () => disk.setFull(false));
    },
  },
  {
    of: 'clockJumps',
    strike({ chance, cast, domains, weather, ledger }) {
      const hours = chance.pick([-70, -1, 1, 23, 50]);
      const device = chance.happens(0.7) ? chance.pick(cast) : null;
      const domain = chance.pick(domains);
      ledger.note(`the clock of ${device?.name ?? domain} jumps by ${hours} hours`);
      // Whoever restores a server sets its clock: how long it waits for its devices hangs on that.
      if (device === null && ledger.restored.has(domain)) return;
      if (device === null) weather.skews.set(domain, hours * 3_600_000);
      else device.skew = hours * 3_600_000;
    },
  },
  {
    of: 'tornWrites',
    strike(run) {
      const { chance, cast, ledger } = run;
      const device = chance.pick(cast);
      device.kill();
      device.disk.torn = chance.pick(tearable);
      ledger.note(`${device.name} loses power while ${device.disk.torn} is written`);
      run.watch(`${device.name} starts with it`, refused(device, ledger));
    },
  },
  {
    of: 'restoredServers',
    strike(run) {
      const { city, chance, domains, weather, ledger } = run;
      const domain = chance.pick(domains);
      const { disk } = city.home(domain);
      const backup = disk.image();
      ledger.note(`a backup of ${domain}`);
      run.later(5000 + chance.below(40_000), () => {
        ledger.note(`${domain} is restored`);
        city.home(domain).crash();
        weather.skews.delete(domain);
        disk.restoreBackup(backup, { now: city.timeline.now, settleMilliseconds: SETTLE_MILLISECONDS });
        ledger.restored.add(domain);
        startHome(run, domain);
      });
    },
  },
  {
    of: 'restoredVaults',
    strike(run) {
      const { chance, cast, ledger } = run;
      const device = chance.pick(cast);
      device.kill();
      const backup = device.disk.image();
      ledger.note(`a backup of the vault of ${device.name}`);
      run.watch(`${device.name} starts`, unlocked(device));
      run.later(5000 + chance.below(40_000), () => {
        device.kill();
        device.disk.restore(backup);
        for (const saying of ledger.sayings) if (saying.device === device.name) saying.vaultWasRestored = true;
        ledger.restored.add(device.name);
        ledger.note(`the vault of ${device.name} is put back`);
        run.watch(`${device.name} starts`, unlocked(device));
      });
    },
  },
  {
    of: 'lies',
    strike(run) {
      const { chance, cast, ledger } = run;
      const device = chance.pick(cast);
      const [tale, seed] = [
        chance.happens(0.3) ? (taleNames[0] as string) : chance.pick(taleNames),
        String(chance.below(1e9)),
      ];
      run.watch(`a lie to ${device.name}`, begin(run, device, { tale, seed }));
      const speaker = chance.pick(cast);
      for (let i = 0; i < 3; i++) run.perform(speaker, 'send', acts.send);
      run.later(4000, () => run.perform(device, 'sync', acts.sync));
      run.later(5000 + chance.below(60_000), () => {
        const { lies } = run.weather;
        const at = lies.findIndex((lie) => lie.seed === seed);
        if (at >= 0) lies.splice(at, 1);
        ledger.note(`an end of lies to ${device.name}`);
      });
    },
  },
  {
    of: 'forgeries',
    strike(run) {
      const name = run.chance.pick(
        Object.keys(forgeries).flatMap((each) => (each.startsWith('an era') ? [each, each, each] : [each])),
      );
      run.perform(run.chance.pick(run.cast), `forges ${name}`, forgeries[name] as Act);
    },
  },
];

async function begin(
  { chance, weather, ledger }: Run,
  { box, session }: Device,
  lie: Pick<Lie, 'tale' | 'seed'>,
): Promise<string> {
  const rooms = box === null ? [] : (await box.listRooms()).filter(({ role }) => role !== null);
  if (session === null || rooms.length === 0) return 'not told';
  const { id } = chance.pick(rooms);
  weather.lies.push({ ...lie, device: session.identity.deviceId, room: parseHex(id) });
  if (leavesEvidence(lie.tale)) ledger.liedOf.add(id);
  return `${lie.tale} of ${ledger.roomName(id)}`;
}

/** A vault that is torn is never taken for a whole or a new one; with the file put back it opens again. */
async function refused(device: Device, ledger: Ledger): Promise<string> {
  const code = await device.start().then(
    () => 'nothing',
    (cause: unknown) => (cause instanceof Fault && cause.blame !== 'bug' ? cause.code : null),
  );
  if (code === null || code === 'nothing')
    ledger.violated(`a vault with a torn ${device.disk.torn} is refused with ${code}`);
  device.disk.torn = null;
  return `${code}, then ${await unlocked(device)}`;
}

async function unlocked(device: Device): Promise<string> {
  await device.start();
  return device.box === null ? 'killed' : 'unlocked';
}

/** Starts a home that does not run. */
function startHome({ city, ledger }: Run, domain: string): void {
  const home = city.home(domain);
  if (home.isUp) return;
  ledger.note(`${domain} starts`);
  void home.start().catch((cause: unknown) => ledger.violated(`${domain} does not start: ${String(cause)}`));
}

function restartLater(run: Run, name: string): void {
  const device = run.city.device(name);
  run.later(500 + run.chance.below(10_000), () => {
    device.kill();
    device.disk.crashPoint = null;
    run.watch(
      `${name} starts`,
      device.start().then(() => 'unlocked'),
    );
  });
}
