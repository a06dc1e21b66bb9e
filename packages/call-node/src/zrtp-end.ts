import type { Fault } from '@sotto/bytes';
import type { Secret } from '@sotto/crypto';
import { nodePacketCiphers, nodePrimitives } from '@sotto/crypto/node';
import { type Agreed, type Choices, type ZrtpEvent, ZrtpStream } from '@sotto/zrtp';
import type { RetainedSecrets } from './retained-secrets.ts';

export interface ZrtpEndOptions {
  readonly zid: Uint8Array;
  readonly choices: Choices;
  readonly source: number;
  readonly secrets: RetainedSecrets;
  send(packet: Uint8Array): void;
  onSecure(agreed: Agreed): void;
  onFailed(cause: unknown): void;
  onRefused(fault: Fault): void;
}

/** A ZRTP stream with a clock, and with what was kept of earlier calls. */
export class ZrtpEnd {
  readonly #options: ZrtpEndOptions;
  readonly #stream: ZrtpStream;
  #auxiliary: Secret | null = null;
  #timer: NodeJS.Timeout | null = null;
  #patientUntil = 0;
  #heard = false;
  #isClosed = false;
  #keeping: Promise<void> = Promise.resolve();
  readonly #kept = new Set<Secret>();

  constructor(options: ZrtpEndOptions) {
    this.#options = options;
    const { zid, choices, source } = options;
    const { randomBytes } = nodePrimitives();
    const common = { ciphers: nodePacketCiphers, randomBytes, client: 'Sotto', peerHelloHash: null, session: null };
    this.#stream = new ZrtpStream({ ...common, zid, choices, source });
  }

  get helloHash(): string {
    return this.#stream.helloHash;
  }

  /** `patience`: for how many milliseconds the other end may say nothing. */
  start({ auxiliary, patience }: { readonly auxiliary: Secret | null; readonly patience: number }): void {
    this.#auxiliary = auxiliary;
    this.#patientUntil = performance.now() + patience;
    this.#handle(this.#stream.start(performance.now()));
  }

  receive(packet: Uint8Array): void {
    if (this.#isClosed) return;
    this.#heard = true;
    this.#handle(this.#stream.receive(packet, performance.now()));
  }

  /** The person compared. Resolves when it has been kept. */
  async confirmSas(): Promise<void> {
    this.#handle(this.#stream.sasVerified());
    await this.#keeping;
  }

  /** Wipes what the stream has; keeps what was to be kept. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#keeping;
    this.#stream[Symbol.dispose]();
    for (const secret of [this.#auxiliary, ...this.#kept]) secret?.dispose();
  }

  #handle(events: readonly ZrtpEvent[]): void {
    for (const event of events) this.#take(event);
    this.#schedule();
  }

  #take(event: ZrtpEvent): void {
    switch (event.kind) {
      case 'send':
        this.#options.send(event.packet);
        break;
      case 'secrets-wanted':
        this.#provide(event.zid).catch(this.#options.onFailed);
        break;
      case 'secure':
        if (event.agreed.cache === 'mismatch') this.#record(() => this.#options.secrets.doubt(event.agreed.peerZid));
        this.#options.onSecure(event.agreed);
        break;
      case 'keep-secret':
        this.#kept.add(event.rs1);
        this.#record(() => this.#options.secrets.keep(event));
        break;
      case 'failed':
        this.#fail(event.fault);
        break;
      case 'refused':
        this.#options.onRefused(event.fault);
    }
  }

  async #provide(zid: Uint8Array): Promise<void> {
    const known = await this.#options.secrets.find(zid);
    if (!this.#isClosed)
      this.#handle(this.#stream.provideSecrets({ ...known, aux: this.#auxiliary }, performance.now()));
  }

  #record(work: () => Promise<void>): void {
    this.#keeping = this.#keeping.then(work);
    this.#keeping.catch(this.#options.onFailed);
  }

  /** Who has said nothing yet may still be on the way: the answer of the signalling is slower than Hellos. */
  #fail(fault: Fault): void {
    const isPatient = fault.code === 'timed-out' && !this.#heard && performance.now() < this.#patientUntil;
    if (isPatient) this.#handle(this.#stream.start(performance.now()));
    else this.#options.onFailed(fault);
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const at = this.#stream.nextTickAt;
    if (at === null || this.#isClosed) return;
    const wait = Math.max(1, at - performance.now());
    this.#timer = setTimeout(() => this.#handle(this.#stream.tick(performance.now())), wait);
  }
}
