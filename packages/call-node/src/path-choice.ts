import { hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { type Candidate, sameCandidate } from './candidate.ts';
import type { Path } from './media-sockets.ts';

/** What was announced of the other end. */
export interface Announced {
  readonly candidates: readonly Candidate[];
  /** `1.10 ` and 64 hexadecimal digits; null where the signalling could not say. */
  readonly zrtpHash: string | null;
}

/** Before there are keys: the way on which the announced Hello came, and what came from where it may. */
export class Latch {
  #announced: Announced;
  #path: Path | null = null;
  #mismatchedAt: number | null = null;

  constructor(announced: Announced) {
    this.#announced = announced;
  }

  get candidates(): readonly Candidate[] {
    return this.#announced.candidates;
  }

  add(candidates: readonly Candidate[]): void {
    this.#announced = { ...this.#announced, candidates: [...this.candidates, ...candidates] };
  }

  /** Null until the right Hello has come. */
  get path(): Path | null {
    return this.#path;
  }

  /** When the first Hello came from an announced address that was not the announced one; null for never. */
  get mismatchedAt(): number | null {
    return this.#mismatchedAt;
  }

  /** Whether a packet of ZRTP is to be looked at. Without an announced hash only announced addresses may begin. */
  admits(packet: Uint8Array, path: Path, now: number): boolean {
    const isAnnounced = this.#isAnnounced(path);
    const isLatched = this.#path !== null && sameCandidate(this.#path.remote, path.remote);
    if (!isHello(packet)) return isAnnounced || isLatched;
    const { zrtpHash } = this.#announced;
    if (zrtpHash === null ? !isAnnounced : !hasHash(packet, zrtpHash)) {
      if (isAnnounced) this.#mismatchedAt ??= now;
      return false;
    }
    // Somebody else may have repeated it from elsewhere: the announced address counts more.
    if (this.#path === null || (isAnnounced && !this.#isAnnounced(this.#path))) this.#path = path;
    return true;
  }

  #isAnnounced({ remote }: Path): boolean {
    return this.#announced.candidates.some((candidate) => sameCandidate(candidate, remote));
  }
}

/** With keys: where to send. The responder follows the initiator, so that both end up on one way. */
export class PathChoice {
  #path: Path;
  #lastAt: number;
  readonly #role: 'initiator' | 'responder';

  constructor(path: Path, role: 'initiator' | 'responder', now: number) {
    this.#path = path;
    this.#role = role;
    this.#lastAt = now;
  }

  get path(): Path {
    return this.#path;
  }

  /** A packet under the keys of the call came on this way. */
  authenticated(path: Path, now: number): void {
    const isSame = path.socket === this.#path.socket && sameCandidate(path.remote, this.#path.remote);
    if (!isSame && this.#role === 'initiator' && now - this.#lastAt < SILENCE_BEFORE_CHANGE) return;
    this.#path = path;
    this.#lastAt = now;
  }
}

function isHello(packet: Uint8Array): boolean {
  return String.fromCharCode(...packet.subarray(TYPE_AT, TYPE_AT + 8)) === 'Hello   ';
}

/** RFC 6189 section 8.1: over the message, without header and check sum of the packet. */
function hasHash(packet: Uint8Array, zrtpHash: string): boolean {
  const [version, digits] = zrtpHash.split(' ');
  return version === '1.10' && digits?.toLowerCase() === hex(sha256(packet.subarray(12, -4)));
}

const TYPE_AT = 16;
const SILENCE_BEFORE_CHANGE = 2000;
