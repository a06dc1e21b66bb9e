import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request as startRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { hex, release } from '@sotto/bytes';
import type { Primitives } from '@sotto/crypto';
import { type BlobTransport, type Clock, type HttpRequest, type HttpResponse, KeyboxUsageFault } from '@sotto/keybox';
import { connectTls } from './tls.ts';
import { isLoopbackName } from './transport.ts';

/** HTTP to home servers, under the trust of `connectTls`; one connection each, kept between requests. */
export function nodeBlobTransport(primitives: Primitives, clock: Clock): BlobTransport {
  const agents = new Map<string, Agent>();
  const agentOf = (origin: string, caFingerprint: Uint8Array): Agent => {
    const key = `${origin} ${hex(caFingerprint)}`;
    const agent = agents.get(key) ?? agentFor(new URL(origin), { caFingerprint, primitives, clock });
    agents.set(key, agent);
    return agent;
  };
  return {
    async request({ origin, caFingerprint }, request) {
      try {
        return await send(new URL(origin), agentOf(origin, caFingerprint), request);
      } catch (cause) {
        throw asFault(cause, request);
      }
    },
    sha256() {
      const hash = createHash('sha256');
      return { update: (bytes) => void hash.update(bytes), digest: () => Uint8Array.from(hash.digest()) };
    },
  };
}

interface Trust {
  readonly caFingerprint: Uint8Array;
  readonly primitives: Primitives;
  readonly clock: Clock;
}

function agentFor(url: URL, trust: Trust): Agent {
  if (url.protocol === 'http:' && isLoopbackName(url.hostname)) return new Agent(AGENT_OPTIONS);
  if (url.protocol === 'https:') return new PinnedAgent(url, trust);
  throw new KeyboxUsageFault('tls-refused', 'plain http is taken for this machine alone: use the https address');
}

/** Speaks inside TLS that was judged before its first request. */
class PinnedAgent extends Agent {
  readonly #url: URL;
  readonly #trust: Trust;

  constructor(url: URL, trust: Trust) {
    super(AGENT_OPTIONS);
    this.#url = url;
    this.#trust = trust;
  }

  override createConnection(_options: unknown, done?: (error: Error | null, stream: Duplex) => void): undefined {
    const host = this.#url.hostname.replace(/^\[(.*)\]$/, '$1');
    const signal = AbortSignal.timeout(CONNECT_MILLISECONDS);
    connectTls({ ...this.#trust, host, port: Number(this.#url.port || 443), signal }).then(
      (socket) => done?.(null, socket),
      (cause: unknown) => done?.(cause as Error, null as never),
    );
  }
}

async function send(
  url: URL,
  agent: Agent,
  { method, path, headers, body, signal }: HttpRequest,
): Promise<HttpResponse> {
  const length = body?.reduce((sum, piece) => sum + piece.length, 0) ?? 0;
  const request = startRequest({
    agent,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port || (url.protocol === 'https:' ? 443 : 80),
    method,
    path,
    headers: { ...headers, ...(body === null ? {} : { 'content-length': String(length) }) },
    ...(signal === undefined ? {} : { signal }),
  });
  request.setTimeout(IDLE_MILLISECONDS, () => request.destroy(new Error('silent')));
  // Stays: what goes wrong behind the head of the answer is its reader's to meet.
  request.on('error', () => undefined);
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  for (const piece of body ?? []) request.write(piece);
  request.end();
  const [response] = await answered;
  return { status: response.statusCode ?? 0, headers: plainHeaders(response), body: pieces(response) };
}

async function* pieces(response: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of response) {
      yield piece;
      release(piece);
    }
  } catch (cause) {
    throw new KeyboxUsageFault('unreachable', 'the connection broke off: try again later', { cause });
  }
}

function plainHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') plain[name] = value;
  return plain;
}

function asFault(cause: unknown, { signal }: HttpRequest): KeyboxUsageFault {
  if (cause instanceof KeyboxUsageFault) return cause;
  if (signal?.aborted)
    return new KeyboxUsageFault('cancelled', 'stopped; the same command goes on from here', { cause });
  return new KeyboxUsageFault('unreachable', 'the home server cannot be reached: try again later', { cause });
}

/** A server closes what was idle for 10 s: closing before it does keeps a request from meeting the end. */
const AGENT_OPTIONS = { keepAlive: true, maxSockets: 2, timeout: 5000 } as const;
const CONNECT_MILLISECONDS = 10_000;
const IDLE_MILLISECONDS = 60_000;
