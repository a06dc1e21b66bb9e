import { assert, describe, test } from 'vitest';
import type { ZrtpEvent } from './event.ts';
import { hashChain, messageMac } from './hash-chain.ts';
import { encodeCommit, parseCommit } from './messages/commit.ts';
import { parseError } from './messages/short.ts';
import { encodePacket, parsePacket } from './packet.ts';
import { asExchange, assertAgreed, End, only, run, seeded, typeOf, type Wire } from './zrtp.fixture.ts';

const FAST = only('S256', 'AES1', 'X255', 'B32');

describe('Z7: an exchange in between', () => {
  test('attack by another string to compare: refused, and told', () => {
    const [left, right] = pair();
    run(left, right);
    const sas = left.agreed?.sas;
    for (let i = 0; i < 3; i++) {
      const events = left.stream.receive(sasRelay(right.source), 1);
      assert.deepEqual(codesOf(events), ['relayed-sas-refused']);
      assert.deepEqual(errorsIn(events), [0x63]);
    }
    assert.strictEqual(left.agreed?.sas, sas);
    assert.lengthOf(
      left.events.filter(({ kind }) => kind === 'secure'),
      1,
    );
  });

  test('attack by an end that says it is one: shown', () => {
    const [left, right] = pair();
    run(left, right, asExchange(right, 2));
    assert.isTrue(left.agreed?.peerIsExchange);
  });

  test('control: an end that is none', () => {
    const [left, right] = pair();
    run(left, right);
    assertAgreed(left, right);
    assert.isFalse(left.agreed?.peerIsExchange);
    assert.deepEqual(codesOf(left.events), []);
  });
});

describe('Z10: a flood of beginnings', () => {
  test('attack by Hellos of thousands, of whom none is the announced one', () => {
    const [left, right] = announcedPair();
    run(left, right, (packet, from) => {
      if (from === left || typeOf(packet) !== 'Hello') return [packet];
      return [...Array.from({ length: 500 }, (_, i) => strangersHello(i)), packet];
    });
    assertAgreed(left, right);
  });

  test('attack by Hellos: none is answered', () => {
    const [left] = announcedPair();
    left.note(left.stream.start(0), 0);
    for (let i = 0; i < 500; i++) assert.deepEqual(left.stream.receive(strangersHello(i), 0), []);
    assert.isNotNull(left.stream.nextTickAt);
  });

  test('attack by Commits under the number of the other end: none costs a key, and the call goes on', () => {
    const drawn = (flood: (right: End) => Wire): number => {
      let count = 0;
      const right = new End('right', { seed: 2, choices: FAST });
      const random = seeded(1);
      const left = new End('left', {
        ...{ seed: 1, choices: FAST, peerHelloHash: right.stream.helloHash },
        randomBytes(length) {
          count += 1;
          return random(length);
        },
      });
      run(left, right, flood(right));
      assertAgreed(left, right);
      return count;
    };
    assert.strictEqual(
      drawn(flooding),
      drawn(() => (packet) => [packet]),
    );
  });

  test('control: both commit at once, and one of the two yields', () => {
    for (let seed = 1; seed < 20; seed++) {
      const [left, right] = [
        new End('left', { seed, choices: FAST }),
        new End('right', { seed: seed + 100, choices: FAST }),
      ];
      const commits: End[] = [];
      run(left, right, (packet, from) => {
        if (typeOf(packet) === 'Commit') commits.push(from);
        return [packet];
      });
      assertAgreed(left, right);
      assert.sameMembers([...new Set(commits)], [left, right]);
    }
  });
});

function pair(): readonly [End, End] {
  return [new End('left', { seed: 1, choices: FAST }), new End('right', { seed: 2, choices: FAST })];
}

function announcedPair(): readonly [End, End] {
  const right = new End('right', { seed: 2, choices: FAST });
  return [new End('left', { seed: 1, choices: FAST, peerHelloHash: right.stream.helloHash }), right];
}

function codesOf(events: readonly ZrtpEvent[]): readonly string[] {
  return events.flatMap((event) => (event.kind === 'refused' ? [event.fault.code] : []));
}

function errorsIn(events: readonly ZrtpEvent[]): readonly number[] {
  const packets = events.flatMap((event) => (event.kind === 'send' ? [event.packet] : []));
  return packets
    .filter((packet) => typeOf(packet) === 'Error')
    .map((packet) => parseError(parsePacket(packet).message));
}

function sasRelay(source: number): Uint8Array {
  const message = new Uint8Array(52);
  message.set([0x50, 0x5a, 0, 13]);
  message.set(
    Uint8Array.from('SASrelay', (letter) => letter.charCodeAt(0)),
    4,
  );
  return encodePacket({ sequence: 1, source, message });
}

function strangersHello(seed: number): Uint8Array {
  const end = new End(`stranger ${seed}`, { seed: 3 + (seed % 5), choices: FAST });
  const [packet] = end.note(end.stream.start(0), 0);
  const { message } = parsePacket(packet as Uint8Array);
  return encodePacket({ sequence: 1, source: 1000 + seed, message });
}

/** A hundred Commits of other chains come before each one of this end. */
function flooding(end: End): Wire {
  return (packet, from) => {
    if (from !== end || typeOf(packet) !== 'Commit') return [packet];
    const { source, message } = parsePacket(packet);
    const { mac: _mac, ...commit } = parseCommit(message);
    const forged = Array.from({ length: 100 }, (_, i) => {
      const chain = hashChain(new Uint8Array(32).fill(i));
      // One that anybody yields to.
      const commitment = { mode: 'dh', hvi: new Uint8Array(32).fill(255) } as const;
      const bytes = encodeCommit({ ...commit, h2: chain.h2, commitment }, messageMac(chain.h1));
      return encodePacket({ sequence: i, source, message: bytes });
    });
    return [...forged, packet];
  };
}
