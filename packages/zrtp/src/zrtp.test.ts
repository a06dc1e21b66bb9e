import { hex, parseHex } from '@sotto/bytes';
import { callAgreements } from '@sotto/crypto';
import { codeOf } from '@sotto/testing';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { crc32c } from './crc32c.ts';
import { parseCommit } from './messages/commit.ts';
import { parseDhPart } from './messages/dh-part.ts';
import { parseHello } from './messages/hello.ts';
import { encodeError, encodeShort } from './messages/short.ts';
import { encodePacket, parsePacket } from './packet.ts';
import { renderSas } from './sas.ts';
import { assertAgreed, assertSameKeys, End, only, run, secretOf, seeded, typeOf, type Wire } from './zrtp.fixture.ts';

describe('two ends', () => {
  test.each([
    ['S256', 'AES1', 'DH3k', 'B32'],
    ['S256', 'AES1', 'X255', 'B32'],
    ['S384', 'AES3', 'X448', 'B256'],
    ['S384', 'AES3', 'EC38', 'B256'],
  ])('agree by %s %s %s %s', (...names) => {
    const choices = only(...(names as [string, string, string, string]));
    const [left, right] = [new End('left', { seed: 1, choices }), new End('right', { seed: 2, choices })];
    run(left, right);
    assertAgreed(left, right);
    assert.strictEqual(left.agreed?.algorithms.agreement, names[2]);
    assert.match(left.agreed?.sas ?? '', names[3] === 'B32' ? /^[a-z1-9]{4}$/ : /^[a-zA-Z]+:[a-zA-Z]+$/);
  });

  test('agree over any network that lets something through', () => {
    const fates = fc.array(fc.constantFrom('arrives', 'lost', 'twice', 'late', 'damaged'), { maxLength: 60 });
    const choices = only('S256', 'AES1', 'X255', 'B32');
    fc.assert(
      fc.property(fates, fc.integer({ min: 1, max: 99 }), (plan, seed) => {
        const [left, right] = [new End('left', { seed, choices }), new End('right', { seed: seed + 100, choices })];
        run(left, right, troubled(plan));
        assertAgreed(left, right);
      }),
      { numRuns: 200 },
    );
  });

  test('find out that there is nobody', () => {
    const [left, right] = [new End('left', { seed: 1 }), new End('right', { seed: 2 })];
    run(left, right, () => []);
    assert.deepEqual([left.failure, right.failure], ['timed-out', 'timed-out']);
  });

  test('that have nothing in common say so', () => {
    const left = new End('left', { seed: 1, choices: only('S384', 'AES3', 'X448', 'B256') });
    const right = new End('right', { seed: 2, choices: only('S256', 'AES1', 'X255', 'B32') });
    run(left, right);
    assert.deepEqual([left.failure, right.failure], ['algorithm-unsupported', 'algorithm-unsupported']);
  });

  test('key further streams of the call from the first', () => {
    const [left, right] = [new End('left', { seed: 1 }), new End('right', { seed: 2 })];
    run(left, right);
    const further = (end: End, name: string, seed: number): End => new End(name, { seed, session: end.stream.session });
    const [second, other] = [further(left, 'left', 3), further(right, 'right', 4)];
    run(second, other);
    assertSameKeys(second, other);
    assert.isNull(second.agreed?.sas);
    assert.notStrictEqual(keyOf(second), keyOf(left));
  });
});

describe('what two ends keep', () => {
  test('leads to the next call, and to being verified when both had compared', () => {
    const known = { rs1: secretOf(1), rs2: null, aux: null, verified: true };
    const [left, right] = [new End('left', { seed: 1 }, known), new End('right', { seed: 2 }, known)];
    run(left, right);
    assertAgreed(left, right);
    assert.deepEqual([left.agreed?.cache, left.agreed?.previouslyVerified], ['matched', true]);
    const [half, other] = [
      new End('left', { seed: 3 }, known),
      new End('right', { seed: 4 }, { ...known, verified: false }),
    ];
    run(half, other);
    assert.deepEqual([half.agreed?.cache, half.agreed?.previouslyVerified], ['matched', false]);
  });

  test('the secret before the last one serves where the last was lost', () => {
    const left = new End('left', { seed: 1 }, { rs1: secretOf(2), rs2: secretOf(1), aux: null, verified: true });
    const right = new End('right', { seed: 2 }, { rs1: secretOf(1), rs2: null, aux: null, verified: true });
    run(left, right);
    assertAgreed(left, right);
    assert.strictEqual(left.agreed?.cache, 'matched');
  });

  test('a secret of the signalling is told to be the same, another, or missing', () => {
    const state = (mine: number | null, theirs: number | null): unknown => {
      const known = (byte: number | null) => ({
        rs1: null,
        rs2: null,
        aux: byte === null ? null : secretOf(byte),
        verified: false,
      });
      const [left, right] = [new End('left', { seed: 1 }, known(mine)), new End('right', { seed: 2 }, known(theirs))];
      run(left, right);
      assertAgreed(left, right);
      return left.agreed?.auxiliary;
    };
    assert.deepEqual(
      [state(1, 1), state(1, 2), state(1, null), state(null, 1)],
      ['matched', 'mismatch', 'mismatch', null],
    );
  });
});

describe('Z5: a partner whose secrets do not fit', () => {
  test('attack by somebody who has none: it is told, and what was kept stays', () => {
    const left = new End('left', { seed: 1 }, { rs1: secretOf(1), rs2: null, aux: null, verified: true });
    const right = new End('right', { seed: 2 });
    run(left, right);
    assertAgreed(left, right);
    assert.deepEqual([left.agreed?.cache, left.agreed?.previouslyVerified], ['mismatch', false]);
    assert.isFalse(left.events.some(({ kind }) => kind === 'keep-secret'));
    assert.deepEqual(
      left.stream.sasVerified().map(({ kind }) => kind),
      ['keep-secret'],
    );
  });

  test('control: without a secret on either side a new one is kept', () => {
    const [left, right] = [new End('left', { seed: 1 }), new End('right', { seed: 2 })];
    run(left, right);
    const [mine, theirs] = [left, right].map((end) => end.events.find(({ kind }) => kind === 'keep-secret'));
    assert.isTrue(mine?.kind === 'keep-secret' && theirs?.kind === 'keep-secret');
    if (mine?.kind === 'keep-secret' && theirs?.kind === 'keep-secret')
      assert.strictEqual(mine.rs1.use(hex), theirs.rs1.use(hex));
  });
});

describe('Z1: a key that was chosen after the commitment', () => {
  test('attack by a DHPart2 that was not committed to', () => {
    assert.strictEqual(attacked(altering('DHPart2', 12 + 32 + 32)), 'commitment-broken');
  });

  test('control: the one that was', () => assert.isNull(attacked(untouched)));
});

describe('Z2: public values that lead to a known secret', () => {
  test('attack by a value of low order, in the exchange and against every group', async () => {
    assert.strictEqual(attacked(replacing('DHPart1', 12 + 32 + 32, new Uint8Array(32))), 'public-value-refused');
    const edges = ['00', '01', 'ff'].map((byte) => parseHex(byte));
    for (const [name, agreement] of Object.entries(callAgreements)) {
      const key = agreement.generate(seeded(1));
      for (const edge of edges) {
        const value = new Uint8Array(agreement.publicBytes);
        value.fill(edge[0] === 255 ? 255 : 0).set(edge, value.length - 1);
        // A curve in Montgomery's form has a point for 2^n - 1, and little-endian 1 is not at this end.
        if (name.startsWith('x') && edge[0] !== 0) continue;
        assert.strictEqual(await codeOf(() => key.agree(value)), 'bad-share', `${name} ${edge[0]}`);
      }
    }
  });

  test('control: honest values agree', () => {
    for (const agreement of Object.values(callAgreements)) {
      const [one, other] = [agreement.generate(seeded(1)), agreement.generate(seeded(2))];
      assert.strictEqual(one.agree(other.publicValue).use(hex), other.agree(one.publicValue).use(hex));
    }
  });
});

describe('Z3: weaker algorithms than both have', () => {
  test('attack on the list of ciphers, and on the chain in the Hello', () => {
    // The first cipher of the list becomes the weaker one.
    const weaker = Uint8Array.from('AES1', (letter) => letter.charCodeAt(0));
    const [left, right] = [new End('left', { seed: 1 }), new End('right', { seed: 2 })];
    run(left, right, replacing('Hello', 12 + 4 + 16 + 32 + 12 + 4 + 8, weaker));
    assert.isNull(left.agreed);
    assert.isNull(right.agreed);
    assert.strictEqual(attacked(altering('Hello', 36)), 'timed-out');
  });

  test('control: the best that both have is taken', () => {
    const [left, right] = [new End('left', { seed: 1 }), new End('right', { seed: 2 })];
    run(left, right);
    assert.deepInclude(left.agreed?.algorithms ?? {}, { cipher: 'AES3', agreement: 'X448', sasType: 'B256' });
  });
});

describe('Z8: messages of somebody in between', () => {
  test('attack by altered confirmations and by a Commit of another chain', () => {
    assert.strictEqual(attacked(altering('Confirm1', 40)), 'confirm-refused');
    assert.strictEqual(attacked(altering('Confirm2', 40)), 'confirm-refused');
    assert.strictEqual(attacked(altering('Commit', 20)), 'timed-out');
    assert.strictEqual(attacked(altering('DHPart1', 20)), 'timed-out');
  });

  test('control: whatever strangers send, the call goes on', () => {
    const heard: Uint8Array[] = [];
    run(new End('one', { seed: 8, choices: FAST }), new End('other', { seed: 9, choices: FAST }), (packet) => {
      heard.push(parsePacket(packet).message);
      return [packet];
    });
    const requests = [encodeError(0x20), message('GoClear', 8), message('SASrelay', 40)];
    // Under the number of the other end whatever has no keys behind it, under another one everything.
    const ofPeer = [
      ...requests,
      ...heard.filter((each) => !/Confirm/.test(String.fromCharCode(...each.subarray(4, 12)))),
    ];
    const right = new End('right', { seed: 2, choices: FAST });
    const left = new End('left', { seed: 1, choices: FAST, peerHelloHash: right.stream.helloHash });
    run(left, right, (packet, from) => {
      if (!HANDSHAKE.has(typeOf(packet))) return [packet];
      const { source } = parsePacket(packet);
      const forge = (number: number) => (each: Uint8Array) =>
        encodePacket({ sequence: 1, source: number, message: each });
      const met = from === right || typeOf(packet) !== 'Hello';
      return [...(met ? [...heard, ...requests].map(forge(77)) : []), packet, ...ofPeer.map(forge(source))];
    });
    assertAgreed(left, right);
    assert.isTrue(left.events.some(({ kind }) => kind === 'refused'));
  });
});

describe('Z12: somebody who answers in the place of the announced end', () => {
  test('attack by an end of its own, whose SAS would be the same on both', () => {
    const announced = new End('right', { seed: 2 }).stream.helloHash;
    const left = new End('left', { seed: 1, peerHelloHash: announced });
    run(left, new End('mallory', { seed: 3 }));
    assert.strictEqual(left.failure, 'hello-hash-mismatch');
  });

  test('control: the announced end', () => {
    const right = new End('right', { seed: 2 });
    const left = new End('left', { seed: 1, peerHelloHash: right.stream.helloHash });
    run(left, right);
    assertAgreed(left, right);
  });
});

test('no message leads to a stream without keys or with somebody else’s SAS', () => {
  const end = new End('left', { seed: 1 });
  end.note(end.stream.start(0), 0);
  for (const type of ['GoClear', 'SASrelay', 'Conf2ACK', 'Confirm1', 'DHPart1']) {
    const packet = encodePacket({ sequence: 1, source: 9, message: message(type, 8) });
    end.note(end.stream.receive(packet, 0), 0);
  }
  assert.isNull(end.agreed);
});

test('equal ids and equal sources are refused', () => {
  const [left, twin] = [new End('left', { seed: 1 }), new End('left', { seed: 2 })];
  run(left, twin);
  assert.strictEqual(left.failure, 'zid-equal');
  const [one, other] = [new End('left', { seed: 1, source: 5 }), new End('right', { seed: 2, source: 5 })];
  run(one, other);
  assert.strictEqual(one.failure, 'source-equal');
});

describe('Z9: packets', () => {
  const packets: Uint8Array[] = [];
  const [left, right] = [new End('left', { seed: 1 }), new End('right', { seed: 2 })];
  run(left, right, (packet) => {
    packets.push(packet);
    return [packet];
  });

  test('attack by packets that are cut off, lengthened or altered anywhere', async () => {
    for (const packet of packets) {
      for (let i = 0; i < packet.length; i++) {
        assert.strictEqual(await codeOf(() => parsePacket(packet.subarray(0, i))), 'packet-malformed');
        const altered = packet.map((byte, n) => (n === i ? byte ^ 1 : byte));
        assert.strictEqual(await codeOf(() => parsePacket(altered)), 'packet-malformed', `byte ${i}`);
      }
      assert.strictEqual(await codeOf(() => parsePacket(Uint8Array.of(...packet, 0))), 'packet-malformed');
    }
  });

  test('control: right check sums and wrong messages change nothing', () => {
    const types = [
      'Hello',
      'Commit',
      'DHPart1',
      'DHPart2',
      'Confirm1',
      'Confirm2',
      'Ping',
      'Error',
      'HelloACK',
      'Nonsense',
    ];
    const end = new End('left', { seed: 3 });
    end.note(end.stream.start(0), 0);
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 500 }), (type, body) => {
        const padded = Uint8Array.of(...body, ...new Uint8Array((4 - (body.length % 4)) % 4));
        const packet = encodePacket({ sequence: 1, source: 9, message: withBody(type, padded) });
        end.note(end.stream.receive(packet, 0), 0);
        assert.isNull(end.agreed);
      }),
      { numRuns: 1000 },
    );
    assert.isNull(end.failure);
  });

  test('each message is read to its end and no further', async () => {
    const parsers = {
      Hello: parseHello,
      Commit: parseCommit,
      DHPart1: (bytes: Uint8Array) => parseDhPart('DHPart1', bytes),
    };
    for (const [type, parse] of Object.entries(parsers)) {
      const packet = packets.find((each) => typeOf(each) === type);
      assert.isDefined(packet, type);
      const { message: whole } = parsePacket(packet);
      parse(whole);
      const shortest = type === 'DHPart1' ? 12 + 32 + 32 + 8 : whole.length;
      for (let i = 0; i < shortest; i++)
        assert.strictEqual(await codeOf(() => parse(whole.subarray(0, i))), 'message-malformed');
    }
  });
});

test('CRC-32C of the published check value', () => {
  assert.strictEqual(hex(crc32c(Uint8Array.from('123456789', (letter) => letter.charCodeAt(0)))), '839206e3');
});

test('the SAS is rendered as RFC 6189 says', () => {
  assert.strictEqual(renderSas('B32', parseHex('00000000')), 'yyyy');
  assert.strictEqual(renderSas('B32', parseHex('ffffffff')), '9999');
  assert.strictEqual(renderSas('B256', parseHex('00000000')), 'aardvark:adroitness');
  assert.strictEqual(renderSas('B256', parseHex('ffff0000')), 'Zulu:Yucatan');
});

/** How a call ends on which somebody sits; null if both ends agree. */
function attacked(wire: Wire): string | null {
  const [left, right] = [new End('left', { seed: 1, choices: FAST }), new End('right', { seed: 2, choices: FAST })];
  run(left, right, wire);
  if (left.agreed !== null && right.agreed !== null) return null;
  return left.failure === 'peer-gave-up' || left.failure === 'timed-out'
    ? right.failure
    : (left.failure ?? right.failure);
}

function untouched(packet: Uint8Array): readonly Uint8Array[] {
  return [packet];
}

function keyOf(end: End): string | undefined {
  return end.agreed?.own.key.use(hex);
}

/** The first packets fare as planned, all others arrive. */
function troubled(plan: readonly string[]): Wire {
  let count = 0;
  const held = new Map<End, readonly Uint8Array[]>();
  return (packet, from) => {
    const fate = plan[count++];
    const late = held.get(from) ?? [];
    held.set(from, fate === 'late' ? [packet] : []);
    if (fate === 'lost' || fate === 'late') return late;
    if (fate === 'twice') return [packet, packet, ...late];
    return [fate === 'damaged' ? packet.map((byte, i) => (i === 20 ? byte ^ 8 : byte)) : packet, ...late];
  };
}

/** Every message of a type has one bit other than it was, and a right check sum. */
function altering(type: string, offset: number): Wire {
  return rewriting(type, (bytes) => bytes.map((byte, i) => (i === offset ? byte ^ 1 : byte)));
}

function replacing(type: string, offset: number, content: Uint8Array): Wire {
  return rewriting(type, (bytes) => {
    const altered = Uint8Array.from(bytes);
    altered.set(content, offset);
    return altered;
  });
}

function rewriting(type: string, rewrite: (message: Uint8Array) => Uint8Array): Wire {
  return (packet) => {
    if (typeOf(packet) !== type) return [packet];
    const { sequence, source, message: bytes } = parsePacket(packet);
    return [encodePacket({ sequence, source, message: rewrite(bytes) })];
  };
}

/** A message of a type, filled with whatever. */
function message(type: string, length: number): Uint8Array {
  return withBody(type, seeded(9)(length));
}

function withBody(type: string, body: Uint8Array): Uint8Array {
  const bytes = Uint8Array.of(...encodeShort('HelloACK'), ...body);
  new DataView(bytes.buffer).setUint16(2, bytes.length / 4);
  bytes.set(
    Uint8Array.from(type.padEnd(8), (letter) => letter.charCodeAt(0)),
    4,
  );
  return bytes;
}

const HANDSHAKE: ReadonlySet<string> = new Set(['Hello', 'Commit', 'DHPart1', 'DHPart2', 'Confirm1', 'Confirm2']);
const FAST = only('S256', 'AES1', 'X255', 'B32');
