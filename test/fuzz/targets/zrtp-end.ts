import { hex } from '@sotto/bytes';
import { nodePacketCiphers } from '@sotto/crypto/node';
import { seededRandom } from '@sotto/testing';
import { type Agreed, type Choices, type ZrtpEvent, ZrtpStream } from '@sotto/zrtp';

/** An end that is the same each time, without secrets of earlier calls. */
export class ZrtpEnd {
  readonly #stream: ZrtpStream;
  readonly sent: Uint8Array[] = [];
  agreed: Agreed | null = null;

  constructor(source: number) {
    const randomBytes = seededRandom(`zrtp ${source}`);
    this.#stream = new ZrtpStream({
      ...{ ciphers: nodePacketCiphers, randomBytes, client: 'sotto', zid: randomBytes(12), source },
      ...{ choices: CHOICES, peerHelloHash: null, session: null },
    });
    this.#note(this.#stream.start(0));
  }

  hear(packet: Uint8Array): void {
    this.#note(this.#stream.receive(packet, 0));
  }

  #note(events: readonly ZrtpEvent[]): void {
    for (const event of events) {
      if (event.kind === 'send') this.sent.push(event.packet);
      if (event.kind === 'secure') this.agreed = event.agreed;
      if (event.kind === 'secrets-wanted') this.#note(this.#stream.provideSecrets(NOTHING, 0));
    }
  }
}

const NOTHING = { rs1: null, rs2: null, aux: null, verified: false };

/** What the second end says to the first, and the key of the first. */
export function converse(): { readonly theirs: readonly Uint8Array[]; readonly key: string | undefined } {
  const [ours, others] = [new ZrtpEnd(1), new ZrtpEnd(2)];
  const theirs: Uint8Array[] = [];
  for (let i = 0; i < 12; i++) {
    for (const packet of ours.sent.splice(0)) others.hear(packet);
    for (const packet of others.sent.splice(0)) {
      theirs.push(packet);
      ours.hear(packet);
    }
  }
  return { theirs, key: ours.agreed?.own.key.use(hex) };
}

const CHOICES: Choices = {
  hashes: ['S256'],
  ciphers: ['AES1'],
  authTags: ['HS80'],
  agreements: ['X255'],
  sasTypes: ['B32'],
};
