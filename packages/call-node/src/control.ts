import type { Reception } from './reception.ts';
import { encodeRtcp, type ReceptionReport, type RtcpFacts, type SenderInfo } from './rtcp.ts';

/** What the other end told of our stream. */
export interface RemoteFacts {
  readonly lost: number;
  readonly fractionLost: number;
  readonly jitterMilliseconds: number;
}

/** The reports of one end (RFC 3550 section 6.4): makes its own, and learns from the other's. */
export class Control {
  readonly #name: string;
  #lastSender: { readonly middle: number; readonly at: number } | null = null;
  #roundTrip: number | null = null;
  #remote: RemoteFacts | null = null;

  /** `name`: of this call alone (RFC 7022). */
  constructor(name: string) {
    this.#name = name;
  }

  /** Milliseconds; null until the other end has answered a report. */
  get roundTripMilliseconds(): number | null {
    return this.#roundTrip;
  }

  get remote(): RemoteFacts | null {
    return this.#remote;
  }

  /** `now` is the time of day in milliseconds. */
  report(
    own: { readonly source: number; readonly sent: Omit<SenderInfo, 'ntp'>; readonly isBye: boolean },
    peer: { readonly source: number; readonly reception: Reception } | null,
    now: number,
  ): Uint8Array<ArrayBuffer> {
    const reports = peer === null ? [] : [this.#reportOf(peer.source, peer.reception, now)];
    const sender = { ntp: ntpOf(now), ...own.sent };
    return encodeRtcp(own.source, { name: this.#name, sender, reports, isBye: own.isBye });
  }

  /** From a packet that was found genuine. */
  take({ sender, reports }: RtcpFacts, ownSource: number, now: number): void {
    if (sender !== null) this.#lastSender = { middle: middleOf(sender.ntp), at: now };
    for (const report of reports) if (report.source === ownSource) this.#learn(report, now);
  }

  #reportOf(source: number, reception: Reception, now: number): ReceptionReport {
    const last = this.#lastSender;
    const timing =
      last === null
        ? { lastSenderReport: 0, delaySinceLast: 0 }
        : { lastSenderReport: last.middle, delaySinceLast: Math.round(((now - last.at) * 65_536) / 1000) };
    return { source, ...reception.report(), ...timing };
  }

  /** RFC 3550 section 6.4.1: what is left of the time since our report when the other end's delay is taken off. */
  #learn({ lost, fractionLost, jitter, lastSenderReport, delaySinceLast }: ReceptionReport, now: number): void {
    this.#remote = { lost, fractionLost: fractionLost / 256, jitterMilliseconds: jitter / 48 };
    if (lastSenderReport === 0) return;
    const trip = (middleOf(ntpOf(now)) - lastSenderReport - delaySinceLast) >>> 0;
    if (trip < LONGEST_TRIP) this.#roundTrip = (trip * 1000) / 65_536;
  }
}

function ntpOf(now: number): SenderInfo['ntp'] {
  const seconds = Math.floor(now / 1000);
  return {
    seconds: (seconds + SECONDS_BEFORE_1970) % 2 ** 32,
    fraction: Math.floor(((now / 1000 - seconds) * 2 ** 32) % 2 ** 32),
  };
}

function middleOf({ seconds, fraction }: SenderInfo['ntp']): number {
  return (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0;
}

const SECONDS_BEFORE_1970 = 2_208_988_800;
/** A minute: what is longer was not measured but made up. */
const LONGEST_TRIP = 60 * 65_536;
