import type { PacketCiphers } from '@sotto/crypto';
import { SrtpUsageFault } from './fault.ts';
import { MAX_RTCP_INDEX, MAX_RTP_INDEX, MAX_SOURCES } from './limits.ts';
import { parseRtcp, parseRtp } from './packet.ts';
import { PacketIndex } from './packet-index.ts';
import type { SrtpProfile } from './profile.ts';
import { deriveSessionKeys, disposeSessionKeys, type MasterKey, type SessionKeys } from './session-keys.ts';
import { createTransform, type Transform } from './transform.ts';

export interface SrtpInput {
  readonly ciphers: PacketCiphers;
  readonly profile: SrtpProfile;
  readonly master: MasterKey;
}

/** Protects what one end sends. Packets of a source must come in the order of their sequence numbers, give or take a few. */
export class SrtpSender implements Disposable {
  readonly #keys: readonly SessionKeys[];
  readonly #rtp: Transform;
  readonly #rtcp: Transform;
  readonly #sources = new Map<number, PacketIndex>();
  #rtcpIndex = 0;

  /** Throws `key-malformed`. */
  constructor({ ciphers, profile, master }: SrtpInput) {
    const [rtp, rtcp] = [
      deriveSessionKeys(ciphers, profile, { master, use: 'rtp' }),
      deriveSessionKeys(ciphers, profile, { master, use: 'rtcp' }),
    ];
    this.#keys = [rtp, rtcp];
    this.#rtp = createTransform(ciphers, profile, rtp);
    this.#rtcp = createTransform(ciphers, profile, rtcp);
  }

  /** Throws `packet-malformed`, `too-many-sources`, `key-exhausted`, and for an index that was used before, `key-exhausted` too. */
  protectRtp(packet: Uint8Array): Uint8Array<ArrayBuffer> {
    const { source, sequence, headerBytes } = parseRtp(packet);
    const sent = this.#sources.get(source) ?? this.#addSource(source);
    const index = sent.estimate(sequence);
    // The same index twice would be the same key stream twice.
    if (index > MAX_RTP_INDEX || !sent.isFresh(index)) throw exhausted();
    sent.mark(index);
    return this.#rtp.sealRtp(packet, headerBytes, { source, index });
  }

  /** Throws `packet-malformed`, `key-exhausted`. */
  protectRtcp(packet: Uint8Array): Uint8Array<ArrayBuffer> {
    const { source } = parseRtcp(packet);
    if (this.#rtcpIndex > MAX_RTCP_INDEX) throw exhausted();
    const index = this.#rtcpIndex++;
    return this.#rtcp.sealRtcp(packet, { source, index });
  }

  [Symbol.dispose](): void {
    for (const keys of this.#keys) disposeSessionKeys(keys);
  }

  #addSource(source: number): PacketIndex {
    if (this.#sources.size >= MAX_SOURCES) throw tooManySources();
    const sent = new PacketIndex();
    this.#sources.set(source, sent);
    return sent;
  }
}

export function tooManySources(): SrtpUsageFault {
  return new SrtpUsageFault('too-many-sources', `a stream has at most ${MAX_SOURCES} sources`);
}

function exhausted(): SrtpUsageFault {
  return new SrtpUsageFault('key-exhausted', 'this key may not protect that packet: its index is spent');
}
