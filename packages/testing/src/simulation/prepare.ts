import { createAccount, linkAccount } from '@sotto/keybox';
import { type Address, parseDeviceName } from '@sotto/protocol';
import { type CityImage, type CityRules, type Resident, SimulatedCity } from './city.ts';
import { PASSPHRASE, type SimulatedDevice } from './device.ts';
import type { CryptoKind } from './primitives.ts';

/** A world in which nothing goes wrong. */
export const calm: CityRules = {
  delay: () => 1,
  fate: () => 'arrives',
  isBlocked: () => false,
  observe: () => undefined,
  disk: () => ({ syncMilliseconds: () => 1, crash: () => null, answeredEarly: () => undefined }),
  skew: () => 0,
  disguise: (_domain, honest) => honest,
};

/**
 * Founds the city of every simulation, the same in every process: two homes, five accounts with two devices each, who
 * are contacts of all at their home and members of its one room, `hall`.
 */
export async function prepareCity(crypto: CryptoKind): Promise<CityImage> {
  const residents = HOMES.flatMap(({ domain, people }) =>
    people.flatMap((person) => DEVICES.map((device) => residentOf(domain, { person, device }))),
  );
  const homes = HOMES.map(({ domain }) => ({ domain, image: null }));
  const city = new SimulatedCity(
    { crypto, now: START, homes, residents },
    { seed: `the city, ${crypto}`, rules: calm },
  );
  for (const { domain, people } of HOMES) await city.run(settle(city, domain, people));
  const image = imageOf(city, crypto);
  city.close();
  return image;
}

async function settle(city: SimulatedCity, domain: string, people: readonly string[]): Promise<void> {
  const home = city.home(domain);
  await home.start();
  const firsts: SimulatedDevice[] = [];
  for (const person of people) {
    const first = city.device(nameOf(domain, { person, device: 'laptop' }));
    const [founder] = firsts;
    const invitation = founder === undefined ? home.invitation : (await founder.box?.createInvitations(1))?.[0];
    await first.start((platform, storage) =>
      createAccount(platform, storage, {
        address: `${person}@${domain}` as Address,
        invitation: invitation ?? '',
        suite: 'hybrid',
        roaming: false,
        vault: 'normal',
        deviceName: parseDeviceName('laptop'),
        passphrase: PASSPHRASE,
      }),
    );
    firsts.push(first);
  }
  await befriend(firsts);
  await foundHall(firsts);
  for (const [i, person] of people.entries()) await link(city, { domain, person, first: firsts[i] as SimulatedDevice });
}

async function befriend(firsts: readonly SimulatedDevice[]): Promise<void> {
  for (const [i, one] of firsts.entries()) {
    for (const other of firsts.slice(i + 1)) {
      const [left, right] = [boxOf(one), boxOf(other)];
      await left.addContact(right.address);
      await right.sync();
      await right.acceptContact(left.address);
      await left.sync();
    }
  }
}

async function foundHall(firsts: readonly SimulatedDevice[]): Promise<void> {
  const [founder, ...others] = firsts.map(boxOf);
  const room = await founder?.createRoom({ name: 'hall', type: 'chat', history: 'all', keying: 'era' });
  for (const box of others) await founder?.addMember(room?.id ?? '', box.address, 'admin');
  for (const first of firsts) await boxOf(first).sync();
}

/** The second device of an account, admitted by the first. */
async function link(
  city: SimulatedCity,
  { domain, person, first }: { readonly domain: string; readonly person: string; readonly first: SimulatedDevice },
): Promise<void> {
  const second = city.device(nameOf(domain, { person, device: 'desk' }));
  const { enrolments } = boxOf(first);
  await second.start((platform, storage) =>
    linkAccount(platform, storage, {
      address: `${person}@${domain}` as Address,
      server: `https://${domain}`,
      caFingerprint: null,
      deviceName: parseDeviceName('desk'),
      vault: 'normal',
      passphrase: PASSPHRASE,
      show: ({ code }) => void enrolments.showLink(code).then(({ device }) => enrolments.approveLink(code, device)),
    }),
  );
  await boxOf(second).sync();
  await boxOf(first).sync();
}

function imageOf(city: SimulatedCity, crypto: CryptoKind): CityImage {
  for (const device of city.devices) device.kill();
  for (const home of city.homes) home.crash();
  return {
    crypto,
    now: city.timeline.now,
    homes: city.homes.map(({ domain, disk }) => ({ domain, image: disk.image() })),
    residents: city.devices.map(({ resident, disk }) => ({ ...resident, image: disk.image() })),
  };
}

function residentOf(domain: string, who: { readonly person: string; readonly device: string }): Resident {
  return { name: nameOf(domain, who), address: `${who.person}@${domain}` as Address, domain, image: null };
}

function nameOf(domain: string, { person, device }: { readonly person: string; readonly device: string }): string {
  return `${person}@${domain}/${device}`;
}

function boxOf(device: SimulatedDevice) {
  if (device.box === null) throw new Error(`${device.name} does not run`);
  return device.box;
}

const HOMES = [
  { domain: 'clinic.example', people: ['ann', 'ben', 'cas'] },
  { domain: 'firm.example', people: ['ann', 'dov'] },
] as const;
const DEVICES = ['laptop', 'desk'] as const;
const START = Date.UTC(2026, 0, 5, 8);
