import { Fault } from '@sotto/bytes';
import { type Chance, type CityImage, chanceOf, SimulatedCity } from '@sotto/testing/simulation';
import { type Act, type ActName, acts, type Device, type Stage } from './acts.ts';
import { checkAll, heal } from './invariants.ts';
import { Ledger } from './ledger.ts';
import { troubles } from './troubles.ts';
import { climateOf, Weather } from './weather.ts';

export interface Outcome {
  readonly seed: number;
  /** The same for every run of the seed. */
  readonly hash: string;
  readonly violations: readonly string[];
  readonly lines: readonly string[];
}

/** Runs the schedule of one seed on a clone of the city: troubled times, healing, then everything is checked. */
export async function runSeed(image: CityImage, seed: number): Promise<Outcome> {
  const run = new Run(image, seed);
  try {
    await run.play();
  } catch (cause) {
    run.ledger.violated(
      `the run broke off: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`,
    );
  } finally {
    run.city.close();
  }
  const { violations, lines } = run.ledger;
  return { seed, hash: run.ledger.hash(), violations, lines };
}

export class Run implements Stage {
  readonly city: SimulatedCity;
  readonly chance: Chance;
  readonly weather: Weather;
  readonly ledger: Ledger = new Ledger();
  /** Those who do something in this run. */
  readonly cast: readonly Device[];
  readonly domains: readonly string[];
  readonly #open = new Set<Promise<void>>();

  constructor(image: CityImage, seed: number) {
    const name = `seed ${seed}`;
    this.chance = chanceOf(`${name} schedule`);
    this.weather = new Weather(climateOf(this.chance), chanceOf(`${name} weather`));
    this.city = new SimulatedCity(image, { seed: name, rules: this.weather });
    this.domains = this.#homes(image);
    this.cast = this.domains.flatMap((domain) => this.#castOf(domain));
  }

  async play(): Promise<void> {
    const { city, chance, weather, ledger } = this;
    for (const domain of this.domains) await city.run(city.home(domain).start());
    for (const device of this.cast) await city.run(device.start());
    weather.begin();
    ledger.note(`cast ${this.cast.map(({ name }) => name).join()}`);
    const steps = 4 + chance.below(11);
    for (let step = 0; step < steps; step++) {
      if (chance.happens(0.25)) this.#trouble();
      else this.#act();
      await this.#pass();
    }
    await heal(this);
    await checkAll(this);
  }

  /** Starts what a device does, and notes how it ends. */
  perform(device: Device, name: string, act: Act): void {
    const { box } = device;
    if (box === null) this.ledger.note(`${device.name} ${name}: does not run`);
    else this.watch(`${device.name} ${name}`, Promise.race([act(this, { device, box }), device.death]));
  }

  /** Notes how some work ends. */
  watch(name: string, work: Promise<string | null>): void {
    const open = work
      .then((noted) => this.ledger.note(`${name}: ${noted ?? 'killed'}`))
      .catch((cause: unknown) => this.#failed(name, cause));
    this.#open.add(open);
    void open.finally(() => this.#open.delete(open));
  }

  /** While the troubles last. */
  later(milliseconds: number, happen: () => void): void {
    this.city.timeline.after(milliseconds, () => {
      if (!this.weather.isCalm) happen();
    });
  }

  /** Lets everything that was begun come to its end. */
  async finishOpen(): Promise<void> {
    if (await this.city.timeline.until(() => this.#open.size === 0, 600_000)) return;
    this.ledger.violated('something never ends');
  }

  #failed(name: string, cause: unknown): void {
    if (!(cause instanceof Fault) || cause.blame === 'bug') {
      this.ledger.violated(`${name}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
    } else this.ledger.note(`${name}: ${cause.code}`);
    if (cause instanceof Fault && !this.isExpected(cause))
      this.ledger.violated(`${name}: ${cause.code} without a reason`);
  }

  /** What an honest server and honest people never give reason to. */
  isExpected({ code }: Fault): boolean {
    const { climate } = this.weather;
    return !UNDESERVED.has(code) || climate.lies || (code === 'state-forked' && climate.restoredVaults);
  }

  #act(): void {
    const device = this.chance.pick(this.cast);
    const name = this.chance.pick(WEIGHTED);
    this.perform(device, name, acts[name]);
  }

  #trouble(): void {
    const possible = troubles.filter(({ of }) => this.weather.climate[of]);
    if (possible.length === 0) this.#act();
    else this.chance.pick(possible).strike(this);
  }

  /** Sometimes until all is over, sometimes so short that the next step meets it under way. */
  async #pass(): Promise<void> {
    const { chance, city } = this;
    if (chance.happens(0.5)) await city.timeline.until(() => this.#open.size === 0, 60_000);
    else await city.timeline.pass(chance.below(chance.happens(0.2) ? 20_000 : 300));
  }

  #homes(image: CityImage): readonly string[] {
    const all = image.homes.map(({ domain }) => domain);
    return this.chance.happens(0.07) ? all : [this.chance.happens(0.8) ? (all[0] as string) : (all[1] as string)];
  }

  #castOf(domain: string): readonly Device[] {
    const here = this.city.devices.filter(({ resident }) => resident.domain === domain);
    const absent = new Set<Device>();
    const size = this.chance.pick([2, 2, 2, 3, 3]);
    while (here.length - absent.size > size) absent.add(this.chance.pick(here));
    return here.filter((device) => !absent.has(device));
  }
}

const WEIGHTS: Readonly<Record<ActName, number>> = {
  send: 10,
  sendTwo: 2,
  sync: 8,
  edit: 2,
  react: 2,
  createRoom: 1,
  addMember: 2,
  removeMember: 1,
  rotate: 1,
  rename: 1,
  read: 1,
};
const WEIGHTED = Object.entries(WEIGHTS).flatMap(([name, weight]) => Array<ActName>(weight).fill(name as ActName));

const UNDESERVED: ReadonlySet<string> = new Set([
  'rollback',
  'split-view',
  'room-forked',
  'log-broken',
  'chain-broken',
  'chain-stale',
  'identity-conflict',
  'device-unendorsed',
  'head-invalid',
  'era-table-invalid',
  'era-commitment-mismatch',
  'record-invalid',
  'seq-gap',
  'seq-conflict',
  'bad-seen',
  'roster-invalid',
  'format-malformed',
  'answer-malformed',
  'vault-rolled-back',
  'state-forked',
  'open-failed',
  'server-error',
]);
