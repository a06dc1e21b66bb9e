import { mkdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { TemporaryFolder } from '../test/support/folder.ts';
import { HomeServer } from '../test/support/home-server.ts';
import type { Bench, Result } from './support/bench.ts';
import { DeviceChannel } from './support/device-channel.ts';
import { makePairs } from './support/pairs.ts';
import { cpuSeconds, residentBytes } from './support/process-use.ts';
import { Prosody } from './support/prosody.ts';

/** Words: connections, seconds of idling. */
export const bench: Bench = {
  title: 'devices that are connected and do nothing',
  about: `
1,000 connections from one machine, all signed in, with nothing to say: by how much the server's memory grew for each (what is resident, after
the last has settled), and what of a processor it takes meanwhile, pings of the keep-alive included. Ours: secure channels over
WebSockets, of 20 accounts' devices in turn; the server's limit of connections from one source is 1,000. Theirs: prosody 0.12 with the modules of a
conversation, over TLS, 1,000 accounts with one client each. Both
served nobody before.`,
  programs: ['prosody', 'openssl'],
  run,
};

async function run([count = '1000', seconds = '60']: readonly string[]): Promise<Result> {
  const size = { count: Number(count), seconds: Number(seconds) };
  using folder = new TemporaryFolder();
  const ours = await sotto(folder.at('sotto'), size);
  const theirs = await prosody(folder.at('prosody'), size);
  const shared = { against: 'prosody', better: 'less', asked: null } as const;
  return {
    figures: [
      {
        what: 'memory of a connected device',
        ours: { value: ours.bytesEach / 1024, unit: 'KiB' },
        theirs: { value: theirs.bytesEach / 1024, unit: 'KiB' },
        ...shared,
      },
      {
        what: `CPU, ${count} connected and idle`,
        ours: { value: ours.percent, unit: '%' },
        theirs: { value: theirs.percent, unit: '%' },
        ...shared,
      },
      {
        what: 'memory of the server before the first',
        ours: { value: ours.bytesBefore / 2 ** 20, unit: 'MiB' },
        theirs: { value: theirs.bytesBefore / 2 ** 20, unit: 'MiB' },
        ...shared,
      },
    ],
  };
}

interface Size {
  readonly count: number;
  readonly seconds: number;
}

type Identity = Parameters<typeof DeviceChannel.open>[1];

interface Use {
  readonly bytesBefore: number;
  readonly bytesEach: number;
  /** Of one processor. */
  readonly percent: number;
}

async function sotto(folder: string, size: Size): Promise<Use> {
  await using server = await HomeServer.start({ data: `${folder}/server` });
  const pairs = await makePairs(server, { folder, count: PAIRS });
  const sessions = pairs.flatMap(({ writer, reader }) => [writer.session, reader.session]);
  const identities = sessions.map(({ identity }) => ({ identity }));
  // What signing up left in its heap is not the connections'.
  await server.stop();
  await server.start();
  const channels: DeviceChannel[] = [];
  const use = await measure(server.pid as number, size, async (i) => {
    channels.push(await DeviceChannel.open(server.line, identities[i % identities.length] as Identity));
  });
  for (const channel of channels) channel.close();
  for (const { writer, reader } of pairs) await Promise.all([writer.close(), reader.close()]);
  return use;
}

async function prosody(folder: string, size: Size): Promise<Use> {
  mkdirSync(folder);
  const users = Array.from({ length: size.count }, (_, i) => `user${i}`);
  await using server = await Prosody.start({ folder, archive: { kind: 'files' }, users });
  return await measure(server.pid, size, async (i) => void (await server.connect(`user${i}`)));
}

async function measure(pid: number, { count, seconds }: Size, connect: (i: number) => Promise<unknown>): Promise<Use> {
  await setTimeout(SETTLE_MILLISECONDS);
  const bytesBefore = residentBytes(pid);
  for (let i = 0; i < count; i++) await connect(i);
  await setTimeout(SETTLE_MILLISECONDS);
  const [cpu, started] = [cpuSeconds(pid), performance.now()];
  await setTimeout(seconds * 1000);
  const percent = ((cpuSeconds(pid) - cpu) / ((performance.now() - started) / 1000)) * 100;
  const bytesEach = (residentBytes(pid) - bytesBefore) / count;
  console.log(`${Math.round(bytesEach / 1024)} KiB each, ${percent.toFixed(1)} % of a processor`);
  return { bytesBefore, bytesEach, percent };
}

const PAIRS = 10;
const SETTLE_MILLISECONDS = 3_000;
