import type { FrameSocket, OpenPart, Platform, VaultStorage } from '@sotto/keybox';

/** What a killed process throws into its own face: no fault, so that nobody handles it. */
class Killed extends Error {}

/**
 * Kills what runs on it at its `at`-th step. Steps are the durable ones and the frames, each before and after it takes
 * effect; once dead, nothing takes effect any more.
 */
export class Crash {
  readonly at: number;
  steps = 0;
  dead = false;
  readonly #sockets: FrameSocket[] = [];

  constructor(at: number) {
    this.at = at;
  }

  step(): void {
    if (this.dead) throw new Killed();
    if (++this.steps === this.at) {
      this.dead = true;
      for (const socket of this.#sockets) socket.close();
      throw new Killed();
    }
  }

  storage(storage: VaultStorage): VaultStorage {
    return {
      read: (file) => storage.read(file),
      replace: (file, content) => this.#around(() => storage.replace(file, content)),
      remove: (file) => this.#around(() => storage.remove(file)),
      erase: (notice) => this.#around(() => storage.erase(notice)),
      pathOf: (file) => storage.pathOf(file),
      hasPart: (name) => storage.hasPart(name),
      createPart: (name, key) => this.#around(async () => this.#part(await storage.createPart(name, key))),
      openPart: async (name, key) => this.#part(await storage.openPart(name, key)),
      inspectPart: (name) => storage.inspectPart(name),
    };
  }

  platform(platform: Platform): Platform {
    const { transport } = platform;
    return {
      ...platform,
      transport: {
        connect: async (target) => {
          this.step();
          const socket = await transport.connect(target);
          this.#sockets.push(socket);
          return this.#socket(socket);
        },
      },
    };
  }

  #socket(socket: FrameSocket): FrameSocket {
    return {
      send: (frame) => {
        if (this.#lives()) socket.send(frame);
      },
      onMessage: (listener) => socket.onMessage((frame) => void (this.#lives() && listener(frame))),
      onClose: (listener) => socket.onClose(listener),
      close: () => socket.close(),
    };
  }

  #lives(): boolean {
    try {
      this.step();
      return true;
    } catch (cause) {
      if (cause instanceof Killed) return false;
      throw cause;
    }
  }

  #part(part: OpenPart): OpenPart {
    return {
      query: (sql, parameters) => part.query(sql, parameters),
      apply: (statements) => this.#around(() => part.apply(statements)),
      close: () => part.close(),
    };
  }

  async #around<Result>(work: () => Promise<Result>): Promise<Result> {
    this.step();
    const result = await work();
    this.step();
    return result;
  }
}
