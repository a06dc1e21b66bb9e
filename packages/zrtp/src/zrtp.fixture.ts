import { equal, hex } from '@sotto/bytes';
import { type PacketCiphers, Secret, sha256 } from '@sotto/crypto';
import { nodePacketCiphers } from '@sotto/crypto/node';
import { assert } from 'vitest';
import type { Agreed } from './agreed.ts';
import { allChoices } from './algorithms.ts';
import type { ZrtpEvent } from './event.ts';
import type { KnownSecrets } from './handshake.ts';
import { hashChain, messageMac } from './hash-chain.ts';
import { type Choices, encodeHello, parseHello } from './messages/hello.ts';
import { encodePacket, parsePacket } from './packet.ts';
import { type StreamOptions, ZrtpStream } from './stream.ts';

const nothingKept: KnownSecrets = { rs1: null, rs2: null, aux: null, verified: false };

/** The same at every run: what a seed leads to. */
export function seeded(seed: number): (length: number) => Uint8Array<ArrayBuffer> {
  let count = 0;
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
      sha256(Uint8Array.of(seed, seed >> 8, count, count++ >> 8)),
    );
    return Uint8Array.from(blocks.flatMap((block) => [...block]).slice(0, length));
  };
}

/** One choice of each kind. */
export function only(hash: string, cipher: string, agreement: string, sasType: string): Choices {
  return {
    hashes: [hash],
    ciphers: [cipher],
    authTags: ['HS80'],
    agreements: [agreement, 'Mult'],
    sasTypes: [sasType],
  };
}

/** An end, and what happened to it. */
export class End {
  readonly stream: ZrtpStream;
  readonly source: number;
  readonly events: ZrtpEvent[] = [];
  secrets: KnownSecrets;
  /** Keys that anything was done with. */
  readonly #used = new Set<Secret>();

  constructor(
    name: string,
    options: Partial<StreamOptions> & { readonly seed: number },
    secrets: KnownSecrets = nothingKept,
  ) {
    const randomBytes = seeded(options.seed);
    const zid = sha256(Uint8Array.from(name, (letter) => letter.charCodeAt(0))).slice(0, 12);
    this.secrets = secrets;
    this.source = options.source ?? options.seed + 1;
    this.stream = new ZrtpStream({
      ciphers: watched(nodePacketCiphers, this.#used),
      randomBytes,
      client: 'sotto test',
      zid,
      choices: allChoices,
      source: this.source,
      peerHelloHash: null,
      session: null,
      ...options,
    });
  }

  get agreed(): Agreed | null {
    return this.events.find((event) => event.kind === 'secure')?.agreed ?? null;
  }

  /** Whether it knows who the other end is. */
  get hasMet(): boolean {
    return this.events.some(({ kind }) => kind === 'secrets-wanted');
  }

  get failure(): string | null {
    return this.events.find((event) => event.kind === 'failed')?.fault.code ?? null;
  }

  /** Keys of the handshake that were not wiped, but for those that were given. */
  aliveSecrets(): readonly string[] {
    const { rs1, rs2, aux } = this.secrets;
    const own = [...this.#used].filter((secret) => ![rs1, rs2, aux].includes(secret));
    return own.flatMap((secret) => {
      try {
        return [secret.use(hex)];
      } catch {
        return [];
      }
    });
  }

  /** Notes what happened and gives what is to be sent. */
  note(events: readonly ZrtpEvent[], now: number): readonly Uint8Array[] {
    return events.flatMap((event) => {
      if (event.kind === 'send') return [event.packet];
      this.events.push(event);
      return event.kind === 'secrets-wanted' ? this.note(this.stream.provideSecrets(this.secrets, now), now) : [];
    });
  }
}

export function assertAgreed(left: End, right: End): void {
  assert.deepEqual([left.failure, right.failure], [null, null]);
  assertSameKeys(left, right);
  assert.strictEqual(left.agreed?.sas, right.agreed?.sas);
  assert.notStrictEqual(left.agreed?.role, right.agreed?.role);
}

export function assertSameKeys(left: End, right: End): void {
  const [mine, theirs] = [left.agreed, right.agreed];
  assert.isNotNull(mine);
  assert.isNotNull(theirs);
  for (const part of ['key', 'salt'] as const) {
    assert.strictEqual(mine.own[part].use(hex), theirs.peer[part].use(hex));
    assert.strictEqual(mine.peer[part].use(hex), theirs.own[part].use(hex));
  }
  assert.isFalse(equal(mine.own.key.unsafeExpose('test'), mine.peer.key.unsafeExpose('test')));
  using ownKey = mine.exportKey('frames', 32);
  using peerKey = theirs.exportKey('frames', 32);
  assert.strictEqual(ownKey.use(hex), peerKey.use(hex));
}

/** The secret that an end keeps for the next call. */
export function keptBy(end: End): string | undefined {
  return end.events.find((event) => event.kind === 'keep-secret')?.rs1.use(hex);
}

/** What becomes of a packet: those that arrive, in this order. */
export type Wire = (packet: Uint8Array, from: End) => readonly Uint8Array[];

/** Runs two ends until nothing is due any more, or for a minute of theirs. */
export function run(left: End, right: End, wire: Wire = (packet) => [packet]): void {
  let now = 0;
  const queue: { readonly to: End; readonly packet: Uint8Array }[] = [];
  const post = (from: End, packets: readonly Uint8Array[]): void => {
    const to = from === left ? right : left;
    for (const packet of packets) for (const arrived of wire(packet, from)) queue.push({ to, packet: arrived });
  };
  for (const end of [left, right]) post(end, end.note(end.stream.start(now), now));
  while (now < 60_000) {
    const next = queue.shift();
    if (next !== undefined) post(next.to, next.to.note(next.to.stream.receive(next.packet, now), now));
    else {
      const due = [left, right].map(({ stream }) => stream.nextTickAt).filter((at) => at !== null);
      if (due.length === 0) return;
      now = Math.max(now, Math.min(...due));
      for (const end of [left, right]) post(end, end.note(end.stream.tick(now), now));
    }
  }
}

/**
 * An end that is an exchange sets the flag in its own Hello, and means it; `seed` is the end's. It has to be one whose Commit
 * wins, since what both hash is the Hello of the other.
 */
export function asExchange(end: End, seed: number): Wire {
  const chain = hashChain(seeded(seed)(32));
  return (packet, from) => {
    if (from !== end || typeOf(packet) !== 'Hello') return [packet];
    const { sequence, source, message } = parsePacket(packet);
    const { mac: _mac, ...hello } = parseHello(message);
    const again = encodeHello({ ...hello, isMitm: true }, messageMac(chain.h2));
    return [encodePacket({ sequence, source, message: again })];
  };
}

export function typeOf(packet: Uint8Array): string {
  return parsePacket(packet).type.trimEnd();
}

export function secretOf(byte: number): Secret {
  return new Secret(new Uint8Array(32).fill(byte));
}

function watched(ciphers: PacketCiphers, used: Set<Secret>): PacketCiphers {
  return {
    ...ciphers,
    hmac(hash, key, ...parts) {
      used.add(key);
      return ciphers.hmac(hash, key, ...parts);
    },
    aesCfb: {
      encrypt(key, block, plaintext) {
        used.add(key);
        return ciphers.aesCfb.encrypt(key, block, plaintext);
      },
      decrypt(key, block, ciphertext) {
        used.add(key);
        return ciphers.aesCfb.decrypt(key, block, ciphertext);
      },
    },
  };
}
