import type { TLSSocket } from 'node:tls';
import type { Primitives } from '@sotto/crypto';
import { type Clock, type FrameSocket, KeyboxUsageFault, type Transport } from '@sotto/keybox';
import { MAX_FRAME_BYTES } from '@sotto/protocol';
import { WebSocket } from 'ws';
import { connectTls } from './tls.ts';

/** WebSockets to home servers: `https` anywhere, `http` on this machine alone. */
export function webSocketTransport(primitives: Primitives, clock: Clock): Transport {
  return {
    async connect({ origin, caFingerprint }) {
      const url = channelUrl(origin);
      const signal = AbortSignal.timeout(CONNECT_MILLISECONDS);
      try {
        const { hostname, port } = url;
        const host = hostname.replace(/^\[(.*)\]$/, '$1');
        const tlsSocket =
          url.protocol === 'wss:'
            ? await connectTls({ host, port: Number(port || 443), caFingerprint, primitives, clock, signal })
            : null;
        return frameSocket(await openWebSocket(url, tlsSocket, signal));
      } catch (cause) {
        if (cause instanceof KeyboxUsageFault) throw cause;
        throw new KeyboxUsageFault('unreachable', 'the home server cannot be reached: try again later', { cause });
      }
    },
  };
}

function channelUrl(origin: string): URL {
  const url = new URL('/v1/channel', origin);
  if (url.protocol === 'https:') url.protocol = 'wss:';
  else if (url.protocol === 'http:' && isLoopbackName(url.hostname)) url.protocol = 'ws:';
  else throw new KeyboxUsageFault('tls-refused', 'plain http is taken for this machine alone: use the https address');
  return url;
}

/** Names of this machine, to which plain http is no risk. */
export function isLoopbackName(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

function openWebSocket(url: URL, tlsSocket: TLSSocket | null, signal: AbortSignal): Promise<WebSocket> {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    ...(tlsSocket === null ? {} : { createConnection: () => tlsSocket }),
  });
  const abort = () => socket.terminate();
  signal.addEventListener('abort', abort);
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  socket.once('open', () => resolve(socket));
  // Stays: an error after opening is followed by `close`, which is what the channel goes by.
  socket.on('error', reject);
  return promise.finally(() => signal.removeEventListener('abort', abort));
}

function frameSocket(socket: WebSocket): FrameSocket {
  return {
    send(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame);
    },
    onMessage: (listener) => {
      socket.on('message', (data: Buffer, isBinary) => {
        if (isBinary) listener(data);
        else socket.terminate();
      });
    },
    onClose: (listener) => {
      if (socket.readyState === WebSocket.CLOSED) listener();
      else socket.once('close', listener);
    },
    close: () => socket.close(),
  };
}

const CONNECT_MILLISECONDS = 10_000;
const LOOPBACK = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])$/;
