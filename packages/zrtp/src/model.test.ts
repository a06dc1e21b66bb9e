import { hex } from '@sotto/bytes';
import fc from 'fast-check';
import { assert, test } from 'vitest';
import type { KnownSecrets } from './handshake.ts';
import { encodeError } from './messages/short.ts';
import { encodePacket, parsePacket } from './packet.ts';
import { assertAgreed, End, only, run, secretOf, typeOf } from './zrtp.fixture.ts';

/** What the model knows: that time passes, and what has been agreed. */
interface Model {
  now: number;
}

const DH = only('S256', 'AES1', 'X255', 'B32');
const PRESHARED = { ...DH, agreements: ['Prsh', ...DH.agreements] };

test('over any network, whatever strangers send, two ends agree in the end, on the same', () => {
  const seen = { contended: 0, preshared: 0, delayed: 0 };
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.constantFrom('none', 'same', 'other'),
      fc.commands(commands(), { maxCommands: 120, size: 'max' }),
      (seed, kept, schedule) => {
        const net = new Net(seed, kept);
        fc.modelRun(() => ({ model: { now: 0 }, real: net }), schedule);
        net.heal();
        assertAgreed(net.left, net.right);
        seen.contended += net.commits.size === 2 ? 1 : 0;
        seen.preshared += net.left.agreed?.algorithms.agreement === 'Prsh' ? 1 : 0;
        seen.delayed += net.now > 1000 ? 1 : 0;
      },
    ),
    { numRuns: 100 },
  );
  for (const [name, count] of Object.entries(seen)) assert.isAbove(count, 0, name);
});

test('over a network that never heals neither end has keys that the other has not', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.constantFrom('none', 'same', 'other'),
      fc.commands(commands(), { maxCommands: 120, size: 'max' }),
      fc.constantFrom('HelloACK', 'Commit', 'DHPart1', 'DHPart2', 'Confirm1', 'Confirm2'),
      (seed, kept, schedule, never) => {
        const net = new Net(seed, kept, new Set([never]));
        fc.modelRun(() => ({ model: { now: 0 }, real: net }), schedule);
        net.heal();
        const [left, right] = [net.left, net.right];
        // A call without public values does without their messages.
        if (left.agreed !== null || right.agreed !== null) assertAgreed(left, right);
        else assert.isTrue(left.failure !== null && right.failure !== null);
      },
    ),
    { numRuns: 50 },
  );
});

function commands(): fc.Arbitrary<fc.Command<Model, Net>>[] {
  const which = fc.nat({ max: 50 });
  const deliver = which.map((n) => command(`deliver ${n}`, (net) => net.take(n, (each) => net.arrive(each))));
  return [
    deliver,
    deliver,
    deliver,
    which.map((n) => command(`lose ${n}`, (net) => net.take(n, () => undefined))),
    which.map((n) => command(`double ${n}`, (net) => net.double(n))),
    which.map((n) => command(`damage ${n}`, (net) => net.take(n, (each) => net.damage(each)))),
    fc.integer({ min: 1, max: 400 }).map((span) => new Wait(span)),
    fc.tuple(which, fc.boolean(), fc.boolean()).map(([n, toLeft, isKnown]) => {
      const name = `stranger ${n} ${toLeft ? 'to the left' : 'to the right'} ${isKnown ? 'as the other end' : ''}`;
      return command(name, (net) => net.intrude(n, toLeft ? net.left : net.right, isKnown));
    }),
  ];
}

function command(name: string, act: (net: Net) => void): fc.Command<Model, Net> {
  return {
    check: () => true,
    run(_model, net) {
      act(net);
      net.check();
    },
    toString: () => name,
  };
}

/** Time passes, and less than anybody's patience lasts. */
class Wait implements fc.Command<Model, Net> {
  readonly #span: number;

  constructor(span: number) {
    this.#span = span;
  }

  check({ now }: Model): boolean {
    return now + this.#span < PATIENCE;
  }

  run(model: Model, net: Net): void {
    model.now += this.#span;
    net.wait(this.#span);
    net.check();
  }

  toString(): string {
    return `wait ${this.#span}`;
  }
}

interface Flying {
  readonly to: End;
  readonly packet: Uint8Array;
}

/** Two ends, and the packets between them. */
class Net {
  readonly left: End;
  readonly right: End;
  readonly commits = new Set<End>();
  now = 0;
  #flying: Flying[] = [];
  readonly #never: ReadonlySet<string>;

  constructor(seed: number, kept: 'none' | 'same' | 'other', never: ReadonlySet<string> = new Set()) {
    const known = (byte: number): KnownSecrets => ({ rs1: secretOf(byte), rs2: null, aux: null, verified: true });
    const choices = kept === 'none' ? DH : PRESHARED;
    const [left, right] = [
      { seed, choices },
      { seed: seed + 1, choices },
    ];
    const announced = (name: string, options: typeof left) => new End(name, options).stream.helloHash;
    const [ofLeft, ofRight] = [announced('left', left), announced('right', right)];
    const [mine, theirs] = kept === 'none' ? [] : [known(1), known(kept === 'same' ? 1 : 2)];
    this.left = new End('left', { ...left, peerHelloHash: ofRight }, mine);
    this.right = new End('right', { ...right, peerHelloHash: ofLeft }, theirs);
    this.#never = never;
    for (const end of [this.left, this.right]) this.#post(end, end.note(end.stream.start(0), 0));
  }

  take(n: number, use: (flying: Flying) => void): void {
    const [flying] = this.#flying.splice(n % Math.max(1, this.#flying.length), 1);
    if (flying !== undefined) use(flying);
  }

  double(n: number): void {
    const flying = this.#flying[n % Math.max(1, this.#flying.length)];
    if (flying !== undefined) this.#flying.push(flying);
  }

  arrive({ to, packet }: Flying): void {
    this.#post(to, to.note(to.stream.receive(packet, this.now), this.now));
  }

  damage({ to, packet }: Flying): void {
    this.arrive({ to, packet: packet.map((byte, i) => (i === packet.length >> 1 ? byte ^ 4 : byte)) });
  }

  wait(span: number): void {
    this.now += span;
    for (const end of [this.left, this.right]) this.#post(end, end.note(end.stream.tick(this.now), this.now));
  }

  /** Packets of another call; under the number of the other end only what needs no keys. */
  intrude(n: number, to: End, isKnown: boolean): void {
    const other = to === this.left ? this.right : this.left;
    const choice = isKnown ? KEYLESS : STRANGE;
    const message = choice[n % choice.length] as Uint8Array;
    const source = isKnown && to.hasMet ? other.source : 7777;
    this.arrive({ to, packet: encodePacket({ sequence: n, source, message }) });
  }

  /** What is true at any time. */
  check(): void {
    const [left, right] = [this.left.agreed, this.right.agreed];
    if (left === null || right === null) return;
    assert.strictEqual(left.sas, right.sas);
    assert.strictEqual(left.own.key.use(hex), right.peer.key.use(hex));
    assert.strictEqual(left.peer.key.use(hex), right.own.key.use(hex));
    for (const { events } of [this.left, this.right])
      assert.lengthOf(
        events.filter(({ kind }) => kind === 'secure' || kind === 'failed'),
        1,
      );
  }

  /** From now on everything arrives that may. */
  heal(): void {
    while (this.now < 60_000) {
      const next = this.#flying.shift();
      if (next !== undefined) this.arrive(next);
      else {
        const due = [this.left, this.right].map(({ stream }) => stream.nextTickAt).filter((at) => at !== null);
        if (due.length === 0) break;
        this.wait(Math.max(0, Math.min(...due) - this.now));
      }
    }
    this.check();
  }

  #post(from: End, packets: readonly Uint8Array[]): void {
    const to = from === this.left ? this.right : this.left;
    for (const packet of packets) {
      if (typeOf(packet) === 'Commit') this.commits.add(from);
      if (!this.#never.has(typeOf(packet))) this.#flying.push({ to, packet });
    }
  }
}

/** Of all kinds, from a call of two others. */
const STRANGE: readonly Uint8Array[] = (() => {
  const heard: Uint8Array[] = [];
  run(new End('one', { seed: 800, choices: DH }), new End('other', { seed: 900, choices: DH }), (packet) => {
    heard.push(parsePacket(packet).message);
    return [packet];
  });
  return [...heard, encodeError(0x20), encodeError(0x61)];
})();

/** An acknowledgement is believed of whoever knows the number of the other end, and a confirmation is held against it. */
const KEYLESS = STRANGE.filter((message) => !/ACK|Confirm/.test(String.fromCharCode(...message.subarray(4, 12))));

/** Of somebody who says Hello, in milliseconds. */
const PATIENCE = 3000;
