import type { FrameCodec, FrameCounts, FrameKeyMaterial, Order, Told, TransformOptions } from './messages.ts';

/**
 * The frames of a page's calls, sealed and opened in a worker that runs `serveFrames`. As long as there is no key nothing
 * is sent and nothing is played.
 */
export class FrameTransforms {
  readonly #worker: Worker;
  readonly #asked = new Map<number, (counts: FrameCounts) => void>();
  #questions = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<Told>) => {
      this.#asked.get(data.id)?.(data.counts);
      this.#asked.delete(data.id);
    });
  }

  /** Everything that the sender sends from now on, before its first packet. */
  protectSender(sender: RTCRtpSender, codec: FrameCodec): void {
    sender.transform = this.#transform({ direction: 'send', codec });
  }

  /** Everything that comes: to be called in the event that tells of the receiver, before anything comes. */
  protectReceiver(receiver: RTCRtpReceiver, codec: FrameCodec): void {
    receiver.transform = this.#transform({ direction: 'receive', codec });
  }

  /** Each key once: its counters would begin again. */
  sealWith(key: FrameKeyMaterial): void {
    this.#order({ kind: 'seal-with', key });
  }

  stopSealing(): void {
    this.#order({ kind: 'stop-sealing' });
  }

  openWith(key: FrameKeyMaterial): void {
    this.#order({ kind: 'open-with', key });
  }

  forget(keyId: bigint): void {
    this.#order({ kind: 'forget', keyId });
  }

  /** What passed and what was dropped so far. */
  counts(): Promise<FrameCounts> {
    const id = this.#questions++;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      this.#order({ kind: 'count', id });
    });
  }

  #transform(options: TransformOptions): RTCRtpScriptTransform {
    return new RTCRtpScriptTransform(this.#worker, options);
  }

  #order(order: Order): void {
    this.#worker.postMessage(order);
  }
}
