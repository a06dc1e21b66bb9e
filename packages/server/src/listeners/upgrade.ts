import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { MAX_FRAME_BYTES } from '@sotto/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import { type ProblemCode, problem } from '../rest/problem.ts';

/** Where channels are opened, on both listeners. */
export const CHANNEL_PATH = '/v1/channel';

export interface UpgradeOptions {
  /** Origins of pages that may open a channel; a client that is no browser sends none. */
  readonly origins: ReadonlySet<string>;
  sourceOf(request: IncomingMessage): string;
  /** Null to let in. */
  refuse(source: string): ProblemCode | null;
  enter(socket: WebSocket, source: string): void;
}

/** Lets a server's upgrade requests become channels; everything else about WebSockets is off. */
export function serveChannels(server: Server, { origins, sourceOf, refuse, enter }: UpgradeOptions): void {
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
  });
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    // Until ws has taken over nobody else listens, and a reset would end the process.
    stream.on('error', () => stream.destroy());
    const source = sourceOf(request);
    const refusal = judge(request, origins) ?? refuse(source);
    if (refusal !== null) return answer(stream, refusal);
    sockets.handleUpgrade(request, stream, head, (socket) => enter(socket, source));
  });
}

function judge({ url, headers }: IncomingMessage, origins: ReadonlySet<string>): ProblemCode | null {
  if (url !== CHANNEL_PATH) return 'not-found';
  if (headers.origin !== undefined && !origins.has(headers.origin.toLowerCase())) return 'origin-refused';
  return null;
}

function answer(stream: Duplex, code: ProblemCode): void {
  const { status, title, body } = problem(code);
  const headers = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  stream.end(`${headers.join('\r\n')}\r\n\r\n${body}`, () => stream.destroy());
}

/** An honest client sends every frame whole. */
const MAX_FRAGMENTS = 16;
const MAX_BUFFERED_CHUNKS = 1024;
