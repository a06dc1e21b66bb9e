import { createSuites, type Primitives } from '@sotto/crypto';
import {
  KeyBox,
  KeyboxUsageFault,
  type OpenSession,
  type Platform,
  unlockAccount,
  type VaultStorage,
} from '@sotto/keybox';
import type { Network } from './network.ts';
import { Process } from './process.ts';
import type { Timeline } from './timeline.ts';
import { VaultDisk, type VaultImage } from './vault-disk.ts';

export interface DeviceParts {
  /** As `ann/laptop`. */
  readonly name: string;
  readonly primitives: Primitives;
  readonly network: Network;
  readonly timeline: Timeline;
  readonly image: VaultImage | null;
}

/** One device of a person: a disk, and the program that runs on it now and then. */
export class SimulatedDevice {
  readonly name: string;
  /** Milliseconds by which its clock is wrong. */
  skew = 0;
  readonly #parts: DeviceParts;
  #disk: VaultDisk | null = null;
  #starting: Process | null = null;
  #running: { readonly process: Process; readonly session: OpenSession; readonly box: KeyBox } | null = null;

  constructor(parts: DeviceParts) {
    this.name = parts.name;
    this.#parts = parts;
  }

  /** Made of its image at the first touch. */
  get disk(): VaultDisk {
    this.#disk ??= new VaultDisk(this.#parts.image);
    return this.#disk;
  }

  /** Whether anything ever ran here. */
  get isTouched(): boolean {
    return this.#disk !== null;
  }

  /** The program's keybox while it runs. */
  get box(): KeyBox | null {
    return this.#running?.process.alive === true ? this.#running.box : null;
  }

  get session(): OpenSession | null {
    return this.#running?.process.alive === true ? this.#running.session : null;
  }

  /** Starts the program with `open`; it may die on the way. */
  async start(open: (platform: Platform, storage: VaultStorage) => Promise<OpenSession> = unlock): Promise<void> {
    this.kill();
    const process = new Process(this.#parts.timeline);
    this.#starting = process;
    const starting = open(this.platform(process), this.disk.storage(process));
    const died = new Promise<null>((resolve) => process.onKill(() => resolve(null)));
    const session = await Promise.race([starting, died]);
    if (session !== null) this.#running = { process, session, box: new KeyBox(session) };
  }

  /** At once, whatever it is doing. */
  kill(): void {
    this.#starting?.kill();
    this.#running?.process.kill();
  }

  /** Resolves when the program that runs now is killed. */
  get death(): Promise<null> {
    const { process } = this.#running ?? {};
    return new Promise((resolve) => {
      if (process?.alive === true) process.onKill(() => resolve(null));
      else resolve(null);
    });
  }

  platform(process: Process): Platform {
    const { primitives, network } = this.#parts;
    return {
      primitives,
      suites: createSuites(primitives),
      clock: process.clock(() => this.skew),
      transport: network.transport(this.name, process),
      blobs: {
        request: async () => {
          throw new KeyboxUsageFault('unreachable', 'no files in a simulated city');
        },
        sha256() {
          throw new KeyboxUsageFault('unreachable', 'no files in a simulated city');
        },
      },
    };
  }
}

export const PASSPHRASE = 'Correct horse 1';

function unlock(platform: Platform, storage: VaultStorage): Promise<OpenSession> {
  return unlockAccount(platform, storage, { passphrase: PASSPHRASE });
}
