import { type FrameSocket, KeyboxUsageFault, type Transport } from '@sotto/keybox';

/**
 * WebSockets to the home server. A browser shows no page the certificate of its connection, so nothing here can hold
 * TLS to the CA: TLS is judged by the browser alone, and the channel inside it authenticates the server by the
 * pinned CA before anything is sent. docs/spec/channel.md.
 */
export const webSocketTransport: Transport = {
  async connect({ origin }) {
    const url = new URL('/v1/channel', origin);
    if (url.protocol === 'https:') url.protocol = 'wss:';
    else if (url.protocol === 'http:' && isLoopbackName(url.hostname)) url.protocol = 'ws:';
    else throw new KeyboxUsageFault('tls-refused', 'plain http is taken for this machine alone: use the https address');
    return frameSocket(await openWebSocket(url));
  },
};

function openWebSocket(url: URL): Promise<WebSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  const refuse = (cause?: unknown): void =>
    reject(new KeyboxUsageFault('unreachable', 'the home server cannot be reached: try again later', { cause }));
  try {
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    const timer = setTimeout(() => socket.close(), CONNECT_MILLISECONDS);
    socket.addEventListener('open', () => resolve(socket));
    // A browser says nothing of why: `close` follows each `error`.
    socket.addEventListener('close', () => refuse());
    socket.addEventListener('open', () => clearTimeout(timer));
    socket.addEventListener('close', () => clearTimeout(timer));
  } catch (cause) {
    // The policy of the page keeps it from that origin.
    refuse(cause);
  }
  return promise;
}

function frameSocket(socket: WebSocket): FrameSocket {
  return {
    send(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame as Uint8Array<ArrayBuffer>);
    },
    onMessage: (listener) => {
      socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (data instanceof ArrayBuffer) listener(new Uint8Array(data));
        else socket.close();
      });
    },
    onClose: (listener) => {
      if (socket.readyState === WebSocket.CLOSED) listener();
      else socket.addEventListener('close', listener, { once: true });
    },
    close: () => socket.close(),
  };
}

/** Names of this machine, to which plain http is no risk. */
export function isLoopbackName(hostname: string): boolean {
  return LOOPBACK.test(hostname);
}

const CONNECT_MILLISECONDS = 10_000;
const LOOPBACK = /^(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])$/;
