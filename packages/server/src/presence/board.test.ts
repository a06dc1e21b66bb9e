import { assert, beforeEach, describe, test } from 'vitest';
import type { Session } from '../handler.ts';
import { TokenBuckets } from '../throttle/token-bucket.ts';
import { PresenceBoard } from './board.ts';

type Device = Session & { kind: 'device' };

let now: number;
let due: { at: number; expire: () => void }[];
let told: string[];
let board: PresenceBoard;

beforeEach(() => {
  now = 1_000_000;
  due = [];
  told = [];
  board = new PresenceBoard({
    timer: {
      after: (milliseconds, expire) => {
        due.push({ at: now + milliseconds, expire });
        return () => {};
      },
    },
    announcements: new TokenBuckets({ now: () => now }, { burst: 3, perSecond: 0.1 }),
    gatherMilliseconds: 1000,
    now: () => now,
    announce: async (accountId) => void told.push(`${accountId} ${board.seen(accountId).state}`),
    failed(error) {
      throw error;
    },
  });
});

function device(accountId: number, id: number): Device {
  return { kind: 'device', accountId, fingerprint: new Uint8Array(32), deviceId: new Uint8Array(32).fill(id) };
}

/** Lets time pass, and timers expire in their order. */
function pass(milliseconds: number): void {
  const end = now + milliseconds;
  for (;;) {
    due.sort((left, right) => left.at - right.at);
    const [next] = due;
    if (next === undefined || next.at > end) break;
    due.shift();
    now = next.at;
    next.expire();
  }
  now = end;
}

const set = (session: Device, state: 'online' | 'away' | 'busy' | 'invisible', lastSeen = false): void =>
  board.set(session, { state, lastSeen, capabilities: [state] });

describe('several devices', () => {
  test('the most available one counts', () => {
    const [laptop, phone] = [device(1, 1), device(1, 2)];
    set(laptop, 'busy');
    assert.strictEqual(board.seen(1).state, 'busy');
    set(phone, 'away');
    assert.deepEqual(board.seen(1), { state: 'away', lastSeenAt: null, capabilities: ['away', 'busy'] });
    set(laptop, 'online');
    assert.strictEqual(board.seen(1).state, 'online');
    board.leave(laptop);
    assert.strictEqual(board.seen(1).state, 'away');
    set(phone, 'invisible');
    assert.strictEqual(board.seen(1).state, 'offline');
  });
});

describe('invisible', () => {
  test('is told as going offline, and then nothing more', () => {
    const laptop = device(1, 1);
    set(laptop, 'online', true);
    pass(2000);
    set(laptop, 'invisible', true);
    const seen = board.seen(1);
    pass(2000);
    assert.deepEqual(told, ['1 online', '1 offline']);
    pass(600_000);
    set(laptop, 'invisible', false);
    board.leave(laptop);
    pass(600_000);
    assert.deepEqual(board.seen(1), seen);
    assert.strictEqual(seen.lastSeenAt, 960_000);
    assert.deepEqual(told, ['1 online', '1 offline']);
  });

  test('from the beginning leaves nothing to see', () => {
    set(device(1, 1), 'invisible', true);
    pass(10_000);
    assert.deepEqual(board.seen(1), board.seen(2));
    assert.deepEqual(told, []);
  });
});

describe('telling', () => {
  test('a short absence is not told', () => {
    set(device(1, 1), 'online');
    pass(5000);
    const second = device(1, 1);
    board.set(second, { state: 'online', lastSeen: false, capabilities: ['online'] });
    board.leave(second);
    pass(5000);
    assert.deepEqual(told, ['1 online']);
  });

  test('however often a device changes its mind, contacts hear a bounded number and the last', () => {
    const laptop = device(1, 1);
    for (let i = 0; i < 2000; i++) {
      set(laptop, i % 2 === 0 ? 'online' : 'busy');
      pass(1500);
    }
    set(laptop, 'away');
    pass(60_000);
    assert.isAtMost(told.length, 3 + (2000 * 1.5 + 60) / 10 + 1);
    assert.strictEqual(told.at(-1), '1 away');
    assert.strictEqual(due.length, 0);
  });

  test('one account does not slow another', () => {
    const [flood, calm] = [device(1, 1), device(2, 1)];
    for (let i = 0; i < 100; i++) {
      set(flood, i % 2 === 0 ? 'online' : 'busy');
      pass(1000);
    }
    set(calm, 'online');
    pass(1000);
    assert.include(told, '2 online');
  });

  test('a board that is closed tells nothing', async () => {
    set(device(1, 1), 'online');
    await board.close();
    pass(5000);
    assert.deepEqual(told, []);
  });
});
