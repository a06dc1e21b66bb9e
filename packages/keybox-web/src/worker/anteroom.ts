import { type ControlChannel, controlChannel, heirChannel, type Inheritance } from '../wire/channels.ts';

/** Where a worker waits that may have to take over. What it is handed it keeps in memory, until it is told to wipe it. */
export class Anteroom {
  readonly #heir = crypto.randomUUID();
  readonly #channel = heirChannel(this.#heir);
  readonly #control: ControlChannel;
  #inheritance: Inheritance | null = null;

  constructor() {
    this.#channel.onmessage = ({ data }: MessageEvent<Inheritance>) => {
      this.#wipe();
      this.#inheritance = data;
    };
    this.#control = controlChannel(({ kind }) => {
      if (kind === 'disinherit') this.#wipe();
      if (kind === 'holding') this.#wait();
    });
    this.#wait();
  }

  /** What was handed on, if anything; nothing is heard any more. */
  leave(): Inheritance | null {
    this.#channel.close();
    this.#control.close();
    return this.#inheritance;
  }

  #wait(): void {
    this.#control.say({ kind: 'waiting', heir: this.#heir });
  }

  #wipe(): void {
    this.#inheritance?.vaultSecret.fill(0);
    this.#inheritance = null;
  }
}
