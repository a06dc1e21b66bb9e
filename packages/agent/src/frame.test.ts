import { assert, describe, test } from 'vitest';
import { AgentWireFault } from './fault.ts';
import { encodeFrame, FrameReader } from './frame.ts';
import { MAX_AGENT_FRAME_BYTES } from './limits.ts';
import { parseMessage } from './message.ts';

const frames = [{ type: 'abort', ref: 1 }, { type: 'result', id: 2, value: new Uint8Array(300) }, { type: 'x' }];
const stream = Buffer.concat(frames.map(encodeFrame));

test.each([1, 2, 3, 4, 5, 7, 100, 10_000])('frames come back from chunks of %i bytes', (size) => {
  const reader = new FrameReader();
  const read = [];
  for (let at = 0; at < stream.length; at += size) read.push(...reader.push(stream.subarray(at, at + size)));
  assert.deepEqual(read as unknown, frames);
  assert.isTrue(reader.isEmpty);
});

test('a stream that is cut shows it', () => {
  for (let length = 1; length < (frames[0] ? encodeFrame(frames[0]).length : 0); length++) {
    const reader = new FrameReader();
    assert.deepEqual(reader.push(stream.subarray(0, length)), []);
    assert.isFalse(reader.isEmpty);
  }
});

describe('what is no frame is refused before it is collected', () => {
  const head = (length: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(length);
    return bytes;
  };
  test.each([
    ['of no length', head(0)],
    ['longer than allowed', head(MAX_AGENT_FRAME_BYTES + 1)],
    ['of bytes that are no CBOR', Buffer.concat([head(1), Buffer.of(0xff)])],
    ['with a byte behind the item', Buffer.concat([head(2), Buffer.of(0xa0, 0x00)])],
    ['that is no map', Buffer.concat([head(1), Buffer.of(0x80)])],
  ])('a frame %s', (_, bytes) => {
    assert.throws(() => new FrameReader().push(bytes), AgentWireFault);
  });
});

describe('messages are of the protocol, or refused', () => {
  test('each with exactly its keys', () => {
    const call = { type: 'call', id: 0, account: null, area: 'box', method: 'sync', input: [] };
    assert.deepEqual(parseMessage(call), call as never);
    for (const key of Object.keys(call)) {
      const { [key as 'id']: _, ...less } = call;
      assert.throws(() => parseMessage(less), AgentWireFault, undefined, key);
    }
    assert.throws(() => parseMessage({ ...call, more: 1 }), AgentWireFault);
    assert.throws(() => parseMessage({ ...call, id: -1 }), AgentWireFault);
    assert.throws(() => parseMessage({ ...call, input: {} }), AgentWireFault);
  });

  test.each(['toString', '__proto__', 'constructor', 'shapes'])('of no type %s', (type) => {
    assert.throws(() => parseMessage({ type, id: 0 }), AgentWireFault);
  });
});
