import { hex } from '@sotto/bytes';
import { codeOf } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import type { KnownSecrets } from './handshake.ts';
import type { Choices } from './messages/hello.ts';
import { assertAgreed, End, keptBy, only, run, secretOf, typeOf } from './zrtp.fixture.ts';

const DH = only('S256', 'AES1', 'X255', 'B32');
const PRESHARED: Choices = { ...DH, agreements: ['Prsh', ...DH.agreements] };

describe('a call that begins with the secret of the last one', () => {
  test('exchanges no public values, and leaves a new secret', () => {
    const { left, right, types } = call(known(1), known(1));
    assertAgreed(left, right);
    assert.isFalse(types.has('DHPart1') || types.has('DHPart2'));
    assert.deepInclude(left.agreed, { cache: 'matched', previouslyVerified: true, auxiliary: null });
    assert.strictEqual(left.agreed?.algorithms.agreement, 'Prsh');
    assert.match(left.agreed?.sas ?? '', /^[a-z1-9]{4}$/);
    assert.strictEqual(keptBy(left), keptBy(right));
    assert.notStrictEqual(keptBy(left), secretOf(1).use(hex));
  });

  test('has other keys each time', () => {
    const [one, other] = [call(known(1), known(1)), call(known(1), known(1), { seed: 40 })];
    assert.notStrictEqual(one.left.agreed?.own.key.use(hex), other.left.agreed?.own.key.use(hex));
  });

  test('takes the secret of the signalling in, if both have it', () => {
    const { left, right, types } = call(known(1, { aux: 5 }), known(1, { aux: 5 }));
    assertAgreed(left, right);
    assert.isFalse(types.has('DHPart1'));
    assert.deepEqual([left.agreed?.auxiliary, right.agreed?.auxiliary], ['matched', 'matched']);
  });

  test('can begin with the one before, where the last was lost', () => {
    // Whoever commits first names its last one, which the other must find.
    for (const [mine, theirs] of [
      [{ ...known(1) }, { ...known(2), rs2: secretOf(1) }],
      [{ ...known(2), rs2: secretOf(1) }, { ...known(1) }],
    ] as const) {
      const { left, right } = call(mine, theirs);
      assertAgreed(left, right);
      assert.deepEqual([left.agreed?.cache, right.agreed?.cache], ['matched', 'matched']);
    }
  });

  test.each([
    ['other secrets', known(1), known(2), 'mismatch'],
    ['none on one side', known(1), known(null), 'mismatch'],
    ['another secret of the signalling', known(1, { aux: 5 }), known(1, { aux: 6 }), 'matched'],
  ])('falls back to public values: %s', (_name, mine, theirs, cache) => {
    for (const seed of [1, 7, 20, 33]) {
      const { left, right, types } = call(mine, theirs, { seed });
      assertAgreed(left, right);
      assert.isTrue(types.has('DHPart1'));
      assert.strictEqual(left.agreed?.cache, cache);
      assert.strictEqual(left.agreed?.auxiliary, mine.aux === null ? null : 'mismatch');
    }
  });

  test('is not begun with an end that does not name it', () => {
    const { left, right, types } = call(known(1), known(1), { theirs: DH });
    assertAgreed(left, right);
    assert.isTrue(types.has('DHPart1'));
    assert.strictEqual(left.agreed?.cache, 'matched');
  });

  test('keys further streams of the call', () => {
    const { left, right } = call(known(1), known(1));
    const further = (end: End, name: string, seed: number): End =>
      new End(name, { seed, choices: PRESHARED, session: end.stream.session });
    const [second, other] = [further(left, 'left', 3), further(right, 'right', 4)];
    run(second, other);
    assert.strictEqual(second.agreed?.own.key.use(hex), other.agreed?.peer.key.use(hex));
  });
});

describe('what a handshake knew', () => {
  test('is wiped when it leads to keys, and when it leads to none', () => {
    for (const until of ['Conf2ACK', 'Confirm2', 'Confirm1', 'DHPart2', 'DHPart1', 'Commit']) {
      for (const choices of [DH, PRESHARED]) {
        const [left, right] = [1, 2].map((seed) => new End(`${seed}`, { seed, choices }, known(1))) as [End, End];
        run(left, right, (packet) => (typeOf(packet) === until ? [] : [packet]));
        if (until !== 'Conf2ACK' && left.agreed === null) assert.isNotNull(left.failure, until);
        for (const end of [left, right]) assert.deepEqual(end.aliveSecrets(), [], until);
      }
    }
  });

  test('is wiped when the call ends in the middle of it', () => {
    const [left, right] = [new End('left', { seed: 1, choices: DH }), new End('right', { seed: 2, choices: DH })];
    run(left, right, (packet) => {
      if (typeOf(packet) === 'Confirm1') for (const { stream } of [left, right]) stream[Symbol.dispose]();
      return [packet];
    });
    assert.deepEqual([left.agreed, right.agreed], [null, null]);
    assert.deepEqual([...left.aliveSecrets(), ...right.aliveSecrets()], []);
    assert.isNull(left.stream.nextTickAt);
  });

  test('of a call that is over nothing is left', async () => {
    const { left } = call(known(1), known(1));
    const { session } = left.stream;
    left.agreed?.dispose();
    left.stream[Symbol.dispose]();
    assert.strictEqual(await codeOf(() => session.secret.use(hex)), 'bug');
    assert.strictEqual(await codeOf(() => left.agreed?.own.key.use(hex)), 'bug');
    assert.strictEqual(await codeOf(() => left.agreed?.exportKey('frames', 16)), 'bug');
  });

  test('an exported key is never shorter than asked for', async () => {
    const { left } = call(known(1), known(1));
    assert.strictEqual(left.agreed?.exportKey('frames', 32).length, 32);
    assert.strictEqual(await codeOf(() => left.agreed?.exportKey('frames', 33)), 'key-too-long');
  });
});

interface Setting {
  readonly seed?: number;
  readonly theirs?: Choices;
}

function call(mine: KnownSecrets, others: KnownSecrets, { seed = 1, theirs = PRESHARED }: Setting = {}) {
  const left = new End('left', { seed, choices: PRESHARED }, mine);
  const right = new End('right', { seed: seed + 1, choices: theirs }, others);
  const types = new Set<string>();
  run(left, right, (packet) => {
    types.add(typeOf(packet));
    return [packet];
  });
  return { left, right, types };
}

function known(byte: number | null, { aux = null }: { readonly aux?: number | null } = {}): KnownSecrets {
  const secret = (value: number | null) => (value === null ? null : secretOf(value));
  return { rs1: secret(byte), rs2: null, aux: secret(aux), verified: byte !== null };
}
