import { auditLine, type ExportedEntry } from './sink.ts';

/** The header of a message (RFC 5424), and what stands in it. */
export interface SyslogOrigin {
  readonly host: string;
}

/**
 * One entry as an RFC 5424 message: facility `log audit` (13), severity notice for what failed and info for the rest,
 * the event as MSGID, JSON as the message.
 */
export function syslogMessage(exported: ExportedEntry, { host }: SyslogOrigin): string {
  const { event, at } = exported.entry;
  const severity = event === 'sign-in.failed' ? NOTICE : INFO;
  const header = [`<${LOG_AUDIT * 8 + severity}>1`, new Date(at).toISOString(), host, 'sotto-server', '-', event, '-'];
  // Line breaks cannot occur in JSON; the message is UTF-8 without a byte order mark.
  return `${header.join(' ')} ${auditLine(exported)}`;
}

/** `octet counting` (RFC 6587) over TCP, a line each over a stream socket, a datagram each over UDP (RFC 5426). */
export function framed(message: string, framing: 'counted' | 'line' | 'none'): Buffer {
  if (framing === 'counted') return Buffer.from(`${Buffer.byteLength(message)} ${message}`);
  return Buffer.from(framing === 'line' ? `${message}\n` : message);
}

const LOG_AUDIT = 13;
const NOTICE = 5;
const INFO = 6;
