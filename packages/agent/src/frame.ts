import { type CborMap, type CborValue, concat, decodeCbor, encodeCbor } from '@sotto/bytes';
import { AgentWireFault } from './fault.ts';
import { MAX_AGENT_FRAME_BYTES } from './limits.ts';

/** A message as it travels: length of the item in 4 bytes, big-endian, then one CBOR map. Throws `agent-frame-malformed`. */
export function encodeFrame(message: CborMap): Uint8Array {
  const item = encodeCbor(message);
  if (item.length > MAX_AGENT_FRAME_BYTES) {
    throw new AgentWireFault('agent-frame-malformed', `a message of ${item.length} bytes is too long for the agent`);
  }
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, item.length);
  return concat(head, item);
}

/** Puts chunks of a byte stream together to frames. */
export class FrameReader {
  #chunks: Uint8Array[] = [];
  #length = 0;
  #wanted: number | null = null;

  /** The messages that are whole with this chunk. Throws `agent-frame-malformed`. */
  push(chunk: Uint8Array): readonly CborMap[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const messages: CborMap[] = [];
    for (;;) {
      this.#wanted ??= this.#length < 4 ? null : checkLength(this.#take(4));
      if (this.#wanted === null || this.#length < this.#wanted) return messages;
      messages.push(decodeMessage(this.#take(this.#wanted)));
      this.#wanted = null;
    }
  }

  /** True between two frames. */
  get isEmpty(): boolean {
    return this.#length === 0 && this.#wanted === null;
  }

  #take(length: number): Uint8Array {
    const all = this.#chunks.length === 1 ? (this.#chunks[0] as Uint8Array) : concat(...this.#chunks);
    const rest = all.subarray(length);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    return all.subarray(0, length);
  }
}

function checkLength(head: Uint8Array): number {
  const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
  if (length > 0 && length <= MAX_AGENT_FRAME_BYTES) return length;
  throw new AgentWireFault('agent-frame-malformed', `a frame of ${length} bytes`);
}

function decodeMessage(item: Uint8Array): CborMap {
  let message: CborValue;
  try {
    message = decodeCbor(item, MAX_AGENT_FRAME_BYTES);
  } catch (cause) {
    throw new AgentWireFault('agent-frame-malformed', 'a frame holds no CBOR of ours', { cause });
  }
  if (typeof message === 'object' && message !== null && !Array.isArray(message) && !(message instanceof Uint8Array)) {
    return message as CborMap;
  }
  throw new AgentWireFault('agent-frame-malformed', 'a message is a map');
}
