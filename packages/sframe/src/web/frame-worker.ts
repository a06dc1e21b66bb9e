import { type EncodedFrame, FrameGate } from './frame-gate.ts';
import type { Order, Told, TransformOptions } from './messages.ts';

/** What a worker has that transforms encoded frames. */
export interface TransformScope {
  addEventListener(type: 'message', listener: (event: { readonly data: Order }) => void): void;
  addEventListener(type: 'rtctransform', listener: (event: { readonly transformer: Transformer }) => void): void;
  postMessage(told: Told): void;
}

/** RTCRtpScriptTransformer of WebRTC Encoded Transform. */
export interface Transformer {
  readonly options: TransformOptions;
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
  sendKeyFrameRequest(): Promise<void>;
}

/** To be called once in a worker: seals what is sent and opens what comes, by the keys that its page orders. */
export function serveFrames(scope: TransformScope): void {
  const gate = new FrameGate();
  const pictures = new Set<Transformer>();
  scope.addEventListener('rtctransform', ({ transformer }) => {
    const { direction, codec } = transformer.options;
    if (direction === 'receive' && codec === 'vp8') pictures.add(transformer);
    void carry(transformer, gate).finally(() => pictures.delete(transformer));
  });
  scope.addEventListener('message', ({ data: order }) => {
    obey(gate, order, (told) => scope.postMessage(told));
    // Pictures before the key are lost: the next ones build on them.
    if (order.kind === 'open-with') for (const transformer of pictures) requestKeyFrame(transformer);
  });
}

function obey(gate: FrameGate, order: Order, tell: (told: Told) => void): void {
  switch (order.kind) {
    case 'seal-with':
      gate.sealWith(order.key);
      break;
    case 'open-with':
      gate.openWith(order.key);
      break;
    case 'forget':
      gate.forget(order.keyId);
      break;
    case 'stop-sealing':
      gate.stopSealing();
      break;
    default:
      tell({ id: order.id, counts: gate.counts });
  }
}

async function carry({ readable, writable, options }: Transformer, gate: FrameGate): Promise<void> {
  const gated = new TransformStream<EncodedFrame, EncodedFrame>({
    transform(frame, controller) {
      if (gate.pass(frame, options)) controller.enqueue(frame);
    },
  });
  // It ends with its sender or receiver.
  await readable
    .pipeThrough(gated)
    .pipeTo(writable)
    .catch(() => undefined);
}

function requestKeyFrame(transformer: Transformer): void {
  // Refused before the first packet: then the first picture is one.
  transformer.sendKeyFrameRequest().catch(() => undefined);
}
