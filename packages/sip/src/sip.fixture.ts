import { Fault, utf8 } from '@sotto/bytes';
import { seededRandom } from '@sotto/testing';
import type { Hop, SipEvent } from './agent/event.ts';
import { UserAgent } from './agent/user-agent.ts';
import type { LocalMedia } from './session/media.ts';
import type { SipUri } from './syntax/uri.ts';

export const ALICE: Hop = { transport: 'UDP', address: '192.0.2.1', port: 5060 };
export const BOB: Hop = { transport: 'UDP', address: '192.0.2.2', port: 5070 };

export function media(hop: Hop, digit: string): LocalMedia {
  return { address: hop.address, port: 7078, helloHash: `1.10 ${digit.repeat(64)}` };
}

export function uriOf(user: string, { address, port }: Hop): SipUri {
  return { scheme: 'sip', user, password: null, host: address, port, parameters: [], headers: null };
}

export function agent(user: string, hop: Hop): UserAgent {
  return new UserAgent({ randomBytes: seededRandom(user), user, address: hop.address, port: hop.port });
}

/** The code of the fault that `work` throws; 'taken' if none. */
export function outcome(work: () => unknown): string {
  try {
    work();
    return 'taken';
  } catch (cause) {
    if (cause instanceof Fault) return cause.code;
    throw cause;
  }
}

/** A message from its lines, with true line ends. */
export function lines(...text: readonly string[]): Uint8Array<ArrayBuffer> {
  return utf8(text.join('\r\n'));
}

export const SDP: readonly string[] = [
  'v=0',
  'o=- 1 1 IN IP4 192.0.2.1',
  's=-',
  'c=IN IP4 192.0.2.1',
  't=0 0',
  'm=audio 7078 RTP/AVP 0 96',
  'a=rtpmap:96 opus/48000/2',
  `a=zrtp-hash:1.10 ${'a'.repeat(64)}`,
  '',
];

/** An INVITE of a foreign program, with other lines where they are given, and the true length unless one is given. */
export function invite({ fields = [], sdp = SDP, tag = '', branch = 'one' }: Partial<Invite> = {}): Uint8Array {
  const body = sdp.join('\r\n');
  return lines(
    'INVITE sip:bob@192.0.2.2:5070 SIP/2.0',
    `Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK.${branch};rport`,
    'From: "Alice" <sip:alice@192.0.2.1>;tag=a1',
    `To: <sip:bob@192.0.2.2>${tag}`,
    'Call-ID: one@192.0.2.1',
    'CSeq: 20 INVITE',
    'Contact: <sip:alice@192.0.2.1:5060>',
    'Max-Forwards: 70',
    ...fields,
    'Content-Type: application/sdp',
    `Content-Length: ${utf8(body).length}`,
    '',
    body,
  );
}

interface Invite {
  readonly fields: readonly string[];
  readonly sdp: readonly string[];
  /** Behind the address in To. */
  readonly tag: string;
  readonly branch: string;
}

/** Two agents on a network that loses, doubles and delays what `fate` says; 0 lets a datagram pass at once. */
export class Line {
  readonly alice: UserAgent = agent('alice', ALICE);
  readonly bob: UserAgent = agent('bob', BOB);
  readonly heard: Record<'alice' | 'bob', SipEvent[]> = { alice: [], bob: [] };
  readonly #fate: () => 'pass' | 'lose' | 'double' | 'delay';
  #flying: { readonly at: number; readonly to: 'alice' | 'bob'; readonly bytes: Uint8Array }[] = [];
  now = 0;

  constructor(fate: () => 'pass' | 'lose' | 'double' | 'delay' = () => 'pass') {
    this.#fate = fate;
  }

  /** Carries what an agent has to send, and keeps the rest. */
  take(who: 'alice' | 'bob', events: readonly SipEvent[]): void {
    for (const event of events) {
      if (event.kind !== 'send') this.heard[who].push(event);
      else this.#carry(who === 'alice' ? 'bob' : 'alice', event.bytes);
    }
  }

  /** Goes on until nothing is due before this time. */
  runUntil(end: number): void {
    for (let next = this.#next(); next !== null && next <= end; next = this.#next()) {
      this.now = Math.max(this.now, next);
      const landed = this.#flying.filter(({ at }) => at <= this.now);
      this.#flying = this.#flying.filter(({ at }) => at > this.now);
      for (const { to, bytes } of landed) this.take(to, this[to].receive(bytes, to === 'bob' ? ALICE : BOB, this.now));
      for (const who of ['alice', 'bob'] as const) this.take(who, this[who].tick(this.now));
    }
    this.now = end;
  }

  kinds(who: 'alice' | 'bob'): readonly string[] {
    return this.heard[who].map((event) => (event.kind === 'ended' ? `ended ${event.ending.reason}` : event.kind));
  }

  #carry(to: 'alice' | 'bob', bytes: Uint8Array): void {
    const fate = this.#fate();
    if (fate !== 'lose') this.#flying.push({ at: this.now + (fate === 'delay' ? 700 : 10), to, bytes });
    if (fate === 'double') this.#flying.push({ at: this.now + 300, to, bytes });
  }

  #next(): number | null {
    const due = [
      ...this.#flying.map(({ at }) => at),
      ...[this.alice, this.bob].flatMap(({ nextTickAt }) => nextTickAt ?? []),
    ];
    return due.length === 0 ? null : Math.min(...due);
  }
}
