import { codeOf } from '@sotto/testing';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { AudioReceiver } from './audio-receiver.ts';
import { Control } from './control.ts';
import { Reception } from './reception.ts';
import { encodeRtcp, parseRtcp, type ReceptionReport } from './rtcp.ts';
import { encodeRtp, isRtcp, parseRtp } from './rtp.ts';

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('RTP', () => {
  test('what was encoded is parsed', () => {
    const packets = fc.record({
      payloadType: fc.integer({ min: 0, max: 63 }),
      marker: fc.boolean(),
      sequence: fc.integer({ min: 0, max: 65_535 }),
      timestamp: word,
      source: word,
      payload: fc.uint8Array({ maxLength: 100 }),
    });
    fc.assert(
      fc.property(packets, (packet) => {
        const bytes = encodeRtp(packet);
        assert.isFalse(isRtcp(bytes));
        assert.deepEqual({ ...parseRtp(bytes) }, packet);
      }),
    );
  });

  test('contributing sources, extension and padding are passed over', () => {
    const bytes = Uint8Array.of(
      0xb1,
      96,
      0,
      1,
      0,
      0,
      0,
      2,
      0,
      0,
      0,
      3,
      9,
      9,
      9,
      9,
      0xbe,
      0xde,
      0,
      1,
      8,
      8,
      8,
      8,
      7,
      5,
      0,
      0,
      3,
    );
    assert.deepEqual([...parseRtp(bytes).payload], [7, 5]);
  });

  test.each([
    ['nothing', []],
    ['another version', [0x40, 96, ...new Array(10).fill(0)]],
    ['sources that are missing', [0x8f, 96, ...new Array(12).fill(0)]],
    ['an extension that is missing', [0x90, 96, ...new Array(10).fill(0), 0, 0, 0xff, 0xff]],
    ['more padding than packet', [0xa0, 96, ...new Array(10).fill(0), 200]],
    ['padding of nothing', [0xa0, 96, ...new Array(10).fill(0), 0]],
  ])('%s is refused', async (_, bytes) => {
    assert.strictEqual(await codeOf(() => parseRtp(Uint8Array.from(bytes as number[]))), 'rtp-malformed');
  });
});

describe('RTCP', () => {
  const report: ReceptionReport = {
    source: 7,
    fractionLost: 51,
    lost: 20,
    highestSequence: 70_000,
    jitter: 480,
    lastSenderReport: 5,
    delaySinceLast: 6,
  };
  const sender = { ntp: { seconds: 1, fraction: 2 }, timestamp: 3, packets: 4, octets: 5 };

  test('what was encoded is parsed, whatever the name is', () => {
    for (const name of ['', 'a', 'ab', 'abc', 'abcd', 'a longer name']) {
      for (const isBye of [false, true]) {
        const bytes = encodeRtcp(9, { name, sender, reports: [report], isBye });
        assert.isTrue(isRtcp(bytes));
        assert.deepEqual(parseRtcp(bytes), { sender: { source: 9, ...sender }, reports: [report], isBye });
      }
    }
  });

  test('a cut one is refused or says less', async () => {
    const bytes = encodeRtcp(9, { name: 'name', sender, reports: [report], isBye: true });
    for (let end = 1; end < bytes.length; end++) {
      const cut = bytes.subarray(0, end);
      if ((await codeOf(() => parseRtcp(cut))) === null) assert.isFalse(parseRtcp(cut).isBye, `cut at ${end}`);
    }
    bytes[0] = 0x9f;
    assert.strictEqual(await codeOf(() => parseRtcp(bytes)), 'rtcp-malformed');
  });

  test('two ends learn how long the way is, and what was lost', () => {
    const [left, right] = [new Control('left'), new Control('right')];
    const reception = new Reception();
    for (const i of [0, 1, 2, 4]) reception.note({ sequence: 100 + i, timestamp: i * 960 }, i * 20);
    const sent = { timestamp: 0, packets: 5, octets: 500 };
    const own = { source: 1, sent, isBye: false };
    const first = left.report(own, null, 1_000_000);
    right.take(parseRtcp(first), 2, 1_000_040);
    const second = right.report({ ...own, source: 2 }, { source: 1, reception }, 1_002_040);
    left.take(parseRtcp(second), 1, 1_002_090);
    assert.closeTo(left.roundTripMilliseconds ?? 0, 90, 0.1);
    assert.deepEqual(left.remote, { lost: 1, fractionLost: 51 / 256, jitterMilliseconds: 0 });
    assert.isNull(right.roundTripMilliseconds);
  });
});

test('numbers that wrap go on, and another source begins anew', () => {
  const receiver = new AudioReceiver([96]);
  const put = (source: number, i: number, payloadType = 96): void =>
    receiver.put(
      {
        source,
        payloadType,
        marker: false,
        sequence: (65_530 + i) % 65_536,
        timestamp: (2 ** 32 - 960 + i * 960) % 2 ** 32,
        payload: Uint8Array.of(0xfc, 1, 2),
      },
      i * 20,
    );
  for (let i = 0; i < 20; i++) if (i !== 7) put(1, i);
  assert.strictEqual(receiver.reception?.received, 19);
  assert.strictEqual(receiver.reception?.lost, 1);
  assert.closeTo(receiver.reception?.jitterMilliseconds ?? 1, 0, 1e-6);
  put(2, 21, 0);
  assert.strictEqual(receiver.source, 1);
  put(2, 21);
  assert.deepEqual([receiver.source, receiver.reception?.received], [2, 1]);
});
