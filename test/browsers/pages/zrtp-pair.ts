import { hex } from '@sotto/bytes';
import { portablePacketCiphers } from '@sotto/crypto';
import { type Agreed, type Choices, type ZrtpEvent, ZrtpStream } from '@sotto/zrtp';

/** Two ends of a call in one page; gives what went wrong. */
export function zrtpPair(choices: Choices): string[] {
  const [left, right] = [new End(1, choices), new End(2, choices)];
  for (let now = 0; now < 60_000 && (left.agreed === null || right.agreed === null); now += 50) {
    for (const end of [left, right]) end.tick(now);
    while (left.sent.length + right.sent.length > 0) {
      for (const packet of left.sent.splice(0)) right.hear(packet, now);
      for (const packet of right.sent.splice(0)) left.hear(packet, now);
    }
  }
  const [mine, theirs] = [left.agreed, right.agreed];
  if (mine === null || theirs === null) return [...left.faults, ...right.faults, 'no keys'];
  const wrong: string[] = [];
  if (mine.sas === null || mine.sas !== theirs.sas) wrong.push(`SAS ${mine.sas} and ${theirs.sas}`);
  if (mine.own.key.use(hex) !== theirs.peer.key.use(hex)) wrong.push('other keys');
  if (mine.exportKey('frames', 32).use(hex) !== theirs.exportKey('frames', 32).use(hex)) wrong.push('other exports');
  const { hash, cipher, agreement, sasType } = mine.algorithms;
  const [agreed, wanted] = [[hash.name, cipher, agreement, sasType], firsts(choices)].map((names) => names.join());
  if (agreed !== wanted) wrong.push(`${agreed} in the place of ${wanted}`);
  return wrong;
}

class End {
  readonly sent: Uint8Array[] = [];
  readonly faults: string[] = [];
  agreed: Agreed | null = null;
  readonly #stream: ZrtpStream;

  constructor(source: number, choices: Choices) {
    const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));
    this.#stream = new ZrtpStream({
      ...{ ciphers: portablePacketCiphers, randomBytes, client: 'sotto', zid: randomBytes(12), choices, source },
      ...{ peerHelloHash: null, session: null },
    });
    this.#note(this.#stream.start(0), 0);
  }

  hear(packet: Uint8Array, now: number): void {
    this.#note(this.#stream.receive(packet, now), now);
  }

  tick(now: number): void {
    this.#note(this.#stream.tick(now), now);
  }

  #note(events: readonly ZrtpEvent[], now: number): void {
    for (const event of events) {
      if (event.kind === 'send') this.sent.push(event.packet);
      if (event.kind === 'secrets-wanted') this.#note(this.#stream.provideSecrets(NOTHING, now), now);
      if (event.kind === 'secure') this.agreed = event.agreed;
      if (event.kind === 'failed') this.faults.push(event.fault.code);
    }
  }
}

function firsts({ hashes, ciphers, agreements, sasTypes }: Choices): readonly (string | undefined)[] {
  return [hashes[0], ciphers[0], agreements[0], sasTypes[0]];
}

const NOTHING = { rs1: null, rs2: null, aux: null, verified: false };
