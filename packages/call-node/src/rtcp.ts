import { concat, utf8 } from '@sotto/bytes';
import { CallWireFault } from './fault.ts';
import type { ReceptionFacts } from './reception.ts';

/** What one end tells of the other's stream (RFC 3550 section 6.4.1). */
export interface ReceptionReport extends ReceptionFacts {
  /** Whose packets these were. */
  readonly source: number;
  /** Middle 32 bits of the last sender report's time, and how long ago it came in 65536ths of a second; 0 for none. */
  readonly lastSenderReport: number;
  readonly delaySinceLast: number;
}

export interface SenderInfo {
  /** 64 bits: seconds since 1900, and their fraction. */
  readonly ntp: { readonly seconds: number; readonly fraction: number };
  readonly timestamp: number;
  readonly packets: number;
  readonly octets: number;
}

/** What is in a compound packet for us. */
export interface RtcpFacts {
  readonly sender: (SenderInfo & { readonly source: number }) | null;
  readonly reports: readonly ReceptionReport[];
  readonly isBye: boolean;
}

/** A sender report, the sender's name, and, at the end of a stream, its farewell. */
export function encodeRtcp(
  source: number,
  {
    name,
    sender,
    reports,
    isBye,
  }: {
    readonly name: string;
    readonly sender: SenderInfo;
    readonly reports: readonly ReceptionReport[];
    readonly isBye: boolean;
  },
): Uint8Array<ArrayBuffer> {
  const { ntp, timestamp, packets, octets } = sender;
  const info = words(ntp.seconds, ntp.fraction, timestamp, packets, octets);
  const report = packet(TYPE.senderReport, reports.length, concat(words(source), info, ...reports.map(encodeReport)));
  const text = utf8(name);
  const item = concat(Uint8Array.of(CNAME, text.length), text, new Uint8Array(4 - ((text.length + 2) % 4)));
  const description = packet(TYPE.description, 1, concat(words(source), item));
  return concat(report, description, ...(isBye ? [packet(TYPE.bye, 1, words(source))] : []));
}

/** Reads sender and receiver reports and farewells, and passes over others. Throws `rtcp-malformed`. */
export function parseRtcp(bytes: Uint8Array): RtcpFacts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let facts: RtcpFacts = { sender: null, reports: [], isBye: false };
  for (let start = 0; start < bytes.length; ) {
    if (bytes.length - start < 8 || view.getUint8(start) >> 6 !== 2) throw malformed();
    const end = start + 4 + view.getUint16(start + 2) * 4;
    if (end > bytes.length || end - start < 8) throw malformed();
    facts = addPacket(facts, new DataView(bytes.buffer, bytes.byteOffset + start, end - start));
    start = end;
  }
  return facts;
}

function addPacket(facts: RtcpFacts, view: DataView): RtcpFacts {
  const [count, type] = [view.getUint8(0) & 0x1f, view.getUint8(1)];
  if (type === TYPE.bye) return { ...facts, isBye: true };
  if (type !== TYPE.senderReport && type !== TYPE.receiverReport) return facts;
  const first = type === TYPE.senderReport ? 28 : 8;
  if (view.byteLength < first + count * REPORT_BYTES) throw malformed();
  const reports = Array.from({ length: count }, (_, i) => parseReport(view, first + i * REPORT_BYTES));
  const sender =
    type === TYPE.receiverReport
      ? facts.sender
      : {
          source: view.getUint32(4),
          ntp: { seconds: view.getUint32(8), fraction: view.getUint32(12) },
          timestamp: view.getUint32(16),
          packets: view.getUint32(20),
          octets: view.getUint32(24),
        };
  return { ...facts, sender, reports: [...facts.reports, ...reports] };
}

function encodeReport(report: ReceptionReport): Uint8Array<ArrayBuffer> {
  const { source, fractionLost, lost, highestSequence, jitter, lastSenderReport, delaySinceLast } = report;
  return words(source, ((fractionLost << 24) | lost) >>> 0, highestSequence, jitter, lastSenderReport, delaySinceLast);
}

function parseReport(view: DataView, at: number): ReceptionReport {
  return {
    source: view.getUint32(at),
    fractionLost: view.getUint8(at + 4),
    lost: view.getUint32(at + 4) & 0xff_ffff,
    highestSequence: view.getUint32(at + 8),
    jitter: view.getUint32(at + 12),
    lastSenderReport: view.getUint32(at + 16),
    delaySinceLast: view.getUint32(at + 20),
  };
}

function packet(type: number, count: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = Uint8Array.of(0x80 | count, type, 0, 0);
  new DataView(header.buffer).setUint16(2, body.length / 4);
  return concat(header, body);
}

function words(...values: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setUint32(i * 4, value);
  return bytes;
}

function malformed(): CallWireFault {
  return new CallWireFault('rtcp-malformed', 'this is no compound RTCP packet');
}

const TYPE = { senderReport: 200, receiverReport: 201, description: 202, bye: 203 } as const;
const CNAME = 1;
const REPORT_BYTES = 24;
