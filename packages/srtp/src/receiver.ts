import { SrtpPeerFault } from './fault.ts';
import { MAX_SOURCES } from './limits.ts';
import { malformed, parseRtcp, parseRtp, RTCP_HEADER_BYTES, viewOf } from './packet.ts';
import { PacketIndex } from './packet-index.ts';
import { type SrtpInput, tooManySources } from './sender.ts';
import { deriveSessionKeys, disposeSessionKeys, type SessionKeys } from './session-keys.ts';
import { createTransform, type Transform } from './transform.ts';

/** Opens what the other end sent, each packet once. What it refuses changes nothing. */
export class SrtpReceiver implements Disposable {
  readonly #keys: readonly SessionKeys[];
  readonly #rtp: Transform;
  readonly #rtcp: Transform;
  readonly #rtpSources = new Map<number, PacketIndex>();
  readonly #rtcpSources = new Map<number, PacketIndex>();

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

  /** Throws `packet-malformed`, `packet-refused`, `packet-replayed`, `too-many-sources`. */
  unprotectRtp(packet: Uint8Array): Uint8Array<ArrayBuffer> {
    const { source, sequence, headerBytes } = parseRtp(packet);
    const seen = this.#rtpSources.get(source) ?? new PacketIndex();
    const index = seen.estimate(sequence);
    if (!seen.isFresh(index)) throw replayed();
    const opened = this.#rtp.openRtp(packet, headerBytes, { source, index });
    remember(this.#rtpSources, source, seen);
    seen.mark(index);
    return opened;
  }

  /** Throws `packet-malformed`, `packet-clear`, `packet-refused`, `packet-replayed`, `too-many-sources`. */
  unprotectRtcp(packet: Uint8Array): Uint8Array<ArrayBuffer> {
    const { source } = parseRtcp(packet);
    const { rtcpTrailerBytes, rtcpIndexFromEnd } = this.#rtcp;
    if (packet.length < RTCP_HEADER_BYTES + rtcpTrailerBytes) throw malformed();
    const word = viewOf(packet).getUint32(packet.length - rtcpIndexFromEnd);
    if (word >>> 31 === 0) throw new SrtpPeerFault('packet-clear', 'a control packet came without encryption');
    const index = word & 0x7fff_ffff;
    const seen = this.#rtcpSources.get(source) ?? new PacketIndex();
    if (!seen.isFresh(index)) throw replayed();
    const opened = this.#rtcp.openRtcp(packet, { source, index });
    remember(this.#rtcpSources, source, seen);
    seen.mark(index);
    return opened;
  }

  [Symbol.dispose](): void {
    for (const keys of this.#keys) disposeSessionKeys(keys);
  }
}

/** Only a source that was found genuine takes a place. */
function remember(sources: Map<number, PacketIndex>, source: number, seen: PacketIndex): void {
  if (sources.has(source)) return;
  if (sources.size >= MAX_SOURCES) throw tooManySources();
  sources.set(source, seen);
}

function replayed(): SrtpPeerFault {
  return new SrtpPeerFault('packet-replayed', 'a packet came before, or is too old to know');
}
