import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { isBusy } from './phone-state.ts';
import { Phones, partyOf } from './phones.fixture.ts';

/** Nothing that is said, in whatever order and by whomever, may bring about more than people wanted. */
function check(phones: Phones): void {
  assert.deepEqual(phones.unwanted, []);
  for (const device of phones.names) {
    const live = phones.live(device);
    assert.isAtMost(live.filter(({ phase }) => phase !== 'ringing').length, 1, `${device} is in two calls`);
    for (const { phase, token } of phones.calls(device)) {
      if (phase === 'connecting' || phase === 'active') assert.isTrue(phones.isAttached(device, token));
    }
    for (const { outcome, phase, mergedInto } of phones.calls(device)) {
      assert.strictEqual(outcome === null, phase !== 'ended' || mergedInto !== null);
    }
  }
}

type Command = fc.Command<object, Phones>;

function command(text: string, run: (phones: Phones) => void): Command {
  return {
    check: () => true,
    run: (_, phones) => {
      run(phones);
      check(phones);
    },
    toString: () => text,
  };
}

const device = fc.constantFrom('a1', 'a2', 'b1', 'b2');
const which = fc.nat(40);
/** One of the calls of a device, if it has any. */
const some = (phones: Phones, name: string, n: number): string => {
  const calls = phones.live(name);
  return calls[n % Math.max(calls.length, 1)]?.token ?? 'none';
};

const commands = fc.commands(
  [
    fc
      .tuple(device, fc.nat(9))
      .map(([name, rank]) => command(`${name} places ${rank}`, (phones) => void phones.place(name, rank))),
    fc
      .tuple(device, which)
      .map(([name, n]) => command(`${name} answers ${n}`, (phones) => phones.answer(name, some(phones, name, n)))),
    fc
      .tuple(device, which, fc.constantFrom('decline', 'hang-up', 'connected'))
      .map(([name, n, what]) =>
        command(`${name} ${what} ${n}`, (phones) =>
          phones.do(name, { do: what as 'decline', token: some(phones, name, n) }),
        ),
      ),
    fc
      .tuple(device, which, fc.boolean(), fc.boolean())
      .map(([name, n, held, muted]) =>
        command(`${name} marks ${n}`, (phones) =>
          phones.do(name, { do: 'mark', token: some(phones, name, n), marks: { held, muted } }),
        ),
      ),
    fc
      .tuple(device, device)
      .map(([name, gone]) =>
        command(`${name} learns that ${gone} was revoked`, (phones) =>
          phones.do(name, { do: 'revoke', party: partyOf(gone) }),
        ),
      ),
    // From the whole past, so that messages come late, twice, in another order, or never.
    fc.nat(400).map((n) =>
      command(`message ${n} comes`, (phones) => {
        const letter = phones.letters[n % Math.max(phones.letters.length, 1)];
        if (letter !== undefined) phones.deliver(letter);
      }),
    ),
    fc.nat(20).map((n) =>
      command(`the last ${n} messages come`, (phones) => {
        for (const letter of phones.letters.slice(-n)) phones.deliver(letter);
      }),
    ),
    // Somebody who knows the token, and is not who he says he is.
    fc
      .tuple(device, which, fc.constantFrom('ringing', 'decline', 'busy', 'cancel', 'candidates'))
      .map(([name, n, kind]) =>
        command(`${name} hears ${kind} from a stranger`, (phones) => {
          const token = some(phones, name, n);
          const before = phones.phone(name).calls.get(token);
          const from = { account: 'c', device: 'c1' };
          phones.do(name, { do: 'hear', token, from, seq: n, said: { kind: kind as 'cancel' } });
          assert.deepEqual(phones.phone(name).calls.get(token)?.phase, before?.phase);
        }),
      ),
    fc
      .constantFrom(500, 3000, 11_000, 61_000)
      .map((milliseconds) => command(`${milliseconds} ms pass`, (phones) => phones.pass(milliseconds))),
  ],
  { maxCommands: 60 },
);

describe('whatever people do and the network does', () => {
  test('no media without a person, no second call, and nothing rings for ever', () => {
    fc.assert(
      fc.property(commands, (sequence) => {
        const phones = new Phones();
        fc.modelRun(() => ({ model: {}, real: phones }), sequence);
        phones.pass(400_000);
        for (const name of phones.names) {
          for (const { phase } of phones.live(name)) assert.strictEqual(phase, 'active');
        }
      }),
      { numRuns: 400 },
    );
  });

  test('on a network that loses nothing both ends are in the same call, or in none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(device, fc.nat(9), fc.nat(3)), { minLength: 1, maxLength: 4 }),
        fc.array(device, { maxLength: 3 }),
        (placed, answering) => {
          const phones = new Phones();
          for (const [name, rank, delivered] of placed) {
            phones.place(name, rank);
            for (const letter of phones.letters.splice(0, delivered)) phones.deliver(letter);
          }
          settle(phones);
          for (const name of answering) {
            const ringing = phones.live(name).find(({ phase }) => phase === 'ringing');
            if (ringing !== undefined) phones.answer(name, ringing.token);
          }
          settle(phones);
          phones.pass(100_000);
          settle(phones);
          agree(phones);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Everything that is under way comes, in order. */
function settle(phones: Phones): void {
  for (let letter = phones.letters.shift(); letter !== undefined; letter = phones.letters.shift()) {
    phones.deliver(letter);
    for (const name of phones.names) connect(phones, name);
  }
}

/** Media has keys as soon as both ends have said with whom they talk. */
function connect(phones: Phones, name: string): void {
  for (const { token, phase, peerDevice } of phones.live(name)) {
    if (phase !== 'connecting' || peerDevice === null) continue;
    const theirs = phones.phone(peerDevice).calls.get(token);
    if (theirs?.peerDevice === name && theirs.phase !== 'ended') phones.do(name, { do: 'connected', token });
  }
}

function agree(phones: Phones): void {
  check(phones);
  for (const name of phones.names) {
    for (const { token, peerDevice } of phones.live(name)) {
      const theirs = phones.phone(peerDevice ?? '')?.calls.get(token);
      assert.strictEqual(theirs?.peerDevice, name);
      assert.strictEqual(theirs?.phase, 'active');
    }
  }
}

describe('both call at once', () => {
  test.each([
    ['a1', 'b1'],
    ['b1', 'a1'],
  ])('%s has the lower token, and both end in its call', (lower, higher) => {
    const phones = new Phones();
    const kept = phones.place(lower, 1);
    phones.place(higher, 2);
    settle(phones);
    for (const name of [lower, higher]) {
      assert.deepEqual(
        phones.live(name).map(({ token, phase }) => [token, phase]),
        [[kept, 'active']],
      );
    }
    for (const name of ['a2', 'b2']) assert.isFalse(isBusy(phones.phone(name)));
    agree(phones);
  });
});

test('whoever calls again and again is turned away a few times, and then not even that', () => {
  const phones = new Phones();
  const first = phones.place('a1', 1);
  settle(phones);
  phones.answer('b1', first);
  settle(phones);
  for (let i = 0; i < 20; i++) {
    const seq = 100 + i;
    const from = partyOf('a2');
    phones.do('b1', { do: 'hear', token: `again ${i}`, from, seq, said: { kind: 'offer', callee: 'b' } });
  }
  const missed = phones.calls('b1').filter(({ outcome }) => outcome === 'missed');
  assert.lengthOf(missed, 4);
  assert.strictEqual(phones.live('b1')[0]?.token, first);
});
