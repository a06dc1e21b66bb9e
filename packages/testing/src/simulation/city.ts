import type { Primitives } from '@sotto/crypto';
import type { Address } from '@sotto/protocol';
import type { Handlers } from '@sotto/server';
import { type Chance, chanceOf } from './chance.ts';
import { SimulatedDevice } from './device.ts';
import { SimulatedHome } from './home.ts';
import { Network, type NetworkRules } from './network.ts';
import { type CryptoKind, NonceWatch, simulatedPrimitives } from './primitives.ts';
import { type DiskRules, ServerDisk, type ServerImage } from './server-disk.ts';
import { Timeline } from './timeline.ts';
import type { VaultImage } from './vault-disk.ts';

/** Who lives where; one person may have an account on both homes, which know nothing of each other. */
export interface Resident {
  /** As `ann@clinic.example/laptop`. */
  readonly name: string;
  readonly address: Address;
  readonly domain: string;
  readonly image: VaultImage | null;
}

/** A city at rest: every program stopped, everything on its disk. */
export interface CityImage {
  readonly crypto: CryptoKind;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly homes: readonly { readonly domain: string; readonly image: ServerImage | null }[];
  readonly residents: readonly Resident[];
}

/** What a schedule decides of the world while a city runs. */
export interface CityRules extends NetworkRules {
  readonly disk: (domain: string) => DiskRules;
  /** Milliseconds by which a server's clock is wrong. */
  skew(domain: string): number;
  disguise(domain: string, honest: Handlers): Handlers;
}

/**
 * Home servers and devices in one process, on virtual time, seeded chance, a network and disks in memory. The servers
 * and keyboxes are the real ones.
 */
export class SimulatedCity {
  readonly timeline: Timeline;
  readonly network: Network;
  readonly nonces: NonceWatch = new NonceWatch();
  readonly primitives: Primitives;
  readonly homes: readonly SimulatedHome[];
  readonly devices: readonly (SimulatedDevice & { readonly resident: Resident })[];

  constructor(image: CityImage, { seed, rules }: { readonly seed: string; readonly rules: CityRules }) {
    const chance: Chance = chanceOf(`${seed} world`);
    this.timeline = new Timeline(image.now);
    this.network = new Network(this.timeline, chance, rules);
    this.primitives = this.nonces.watch(simulatedPrimitives(image.crypto, chanceOf(`${seed} keys`).bytes));
    const { timeline, network, primitives } = this;
    this.homes = image.homes.map(
      ({ domain, image }) =>
        new SimulatedHome({
          domain,
          disk: new ServerDisk(image, rules.disk(domain)),
          primitives,
          network,
          timeline,
          skew: () => rules.skew(domain),
          disguise: (honest) => rules.disguise(domain, honest),
        }),
    );
    this.devices = image.residents.map((resident) =>
      Object.assign(
        new SimulatedDevice({ name: resident.name, primitives, network, timeline, image: resident.image }),
        {
          resident,
        },
      ),
    );
  }

  home(domain: string): SimulatedHome {
    const found = this.homes.find((home) => home.domain === domain);
    if (found === undefined) throw new Error(`no home ${domain}`);
    return found;
  }

  device(name: string): SimulatedDevice & { readonly resident: Resident } {
    const found = this.devices.find((device) => device.name === name);
    if (found === undefined) throw new Error(`no device ${name}`);
    return found;
  }

  /** Lets time pass until the work is done; an hour at most. */
  run<Result>(work: Promise<Result>): Promise<Result> {
    return this.timeline.finish(work, 3_600_000);
  }

  close(): void {
    for (const device of this.devices) {
      device.kill();
      if (device.isTouched) device.disk.close();
    }
    for (const home of this.homes) {
      home.crash();
      home.disk.close();
    }
  }
}
