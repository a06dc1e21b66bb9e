import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { ServerUsageFault } from '../../fault.ts';
import type { AuditSink, ExportedEntry } from './sink.ts';
import { framed, syslogMessage } from './syslog.ts';

/**
 * A syslog receiver: `udp://host:port`, `tcp://host:port` or `unix:/path` of a stream socket. Syslog acknowledges
 * nothing: what was handed to the network counts as written. Throws `audit-log-unusable` for another URL.
 */
export function openSyslogSink(url: string, host: string): AuditSink {
  const target = parseTarget(url);
  const send = target.kind === 'udp' ? datagrams(target) : stream(target);
  return {
    name: url,
    next: async () => null,
    write: (entries) => send.write(entries.map((each: ExportedEntry) => syslogMessage(each, { host }))),
    close: async () => send.close(),
  };
}

interface Sender {
  write(messages: readonly string[]): Promise<void>;
  close(): void;
}

type Target =
  | { readonly kind: 'udp' | 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

function parseTarget(url: string): Target {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol === 'unix:' && parsed.pathname.startsWith('/')) return { kind: 'unix', path: parsed.pathname };
  if ((parsed?.protocol === 'udp:' || parsed?.protocol === 'tcp:') && parsed.hostname !== '') {
    const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
    return { kind: parsed.protocol === 'udp:' ? 'udp' : 'tcp', host, port: Number(parsed.port || DEFAULT_PORT) };
  }
  throw new ServerUsageFault('audit-log-unusable', `${url} is none of udp://host:port, tcp://host:port, unix:/path`);
}

function datagrams({ host, port }: Target & { readonly kind: 'udp' | 'tcp' }): Sender {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4').unref();
  socket.on('error', () => {
    // The callback of the datagram that met it says so.
  });
  return {
    async write(messages) {
      for (const message of messages) {
        await new Promise<void>((resolve, reject) => {
          socket.send(framed(message, 'none'), port, host, (error) => (error === null ? resolve() : reject(error)));
        });
      }
    },
    close: () => socket.close(),
  };
}

/** One connection, made when there is something to send and made anew when it broke. */
function stream(target: Exclude<Target, { readonly kind: 'udp' }>): Sender {
  const framing = target.kind === 'unix' ? 'line' : 'counted';
  let socket: Socket | null = null;
  const open = async (): Promise<Socket> => {
    if (socket?.writable === true) return socket;
    const fresh = target.kind === 'unix' ? connect(target.path) : connect(target.port, target.host);
    fresh.on('error', () => fresh.destroy());
    await once(fresh, 'connect', { signal: AbortSignal.timeout(CONNECT_MILLISECONDS) });
    fresh.unref();
    // A receiver says nothing; what it sends all the same is read away, and its end is seen.
    fresh.resume();
    fresh.on('end', () => fresh.destroy());
    socket = fresh;
    return fresh;
  };
  return {
    async write(messages) {
      const connected = await open();
      const bytes = Buffer.concat(messages.map((message) => framed(message, framing)));
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const lost = (): void => reject(new Error('the receiver closed'));
      connected.once('close', lost);
      connected.write(bytes, (error) => (error == null ? resolve() : reject(error)));
      await promise.finally(() => connected.off('close', lost));
    },
    close: () => socket?.end(),
  };
}

const DEFAULT_PORT = 514;
const CONNECT_MILLISECONDS = 5000;
