import type { IncomingMessage, ServerResponse } from 'node:http';
import { Fault, hex, parseHex, release } from '@sotto/bytes';
import { endWhenIdle } from '../adapters/idle.ts';
import { errorFacts, type Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { type ProblemCode, problem } from '../rest/problem.ts';
import type { Blobs } from './blobs.ts';
import { storageFault } from './fault.ts';
import { sendFile } from './send-file.ts';

export interface BlobDoorOptions {
  readonly blobs: Blobs;
  readonly logger: Logger;
  readonly metrics: Metrics;
  isStopping(): boolean;
}

/** Takes a request that is about blobs; false for every other. */
export type BlobDoor = (request: IncomingMessage, response: ServerResponse) => boolean;

/** Uploads by tus 1.0.0 and downloads by range, each by its capability: docs/spec/file.md. */
export function serveBlobs(options: BlobDoorOptions): BlobDoor {
  return (request, response) => {
    const [, kind, name] = PATH.exec(request.url ?? '') ?? [];
    if (kind === undefined || name === undefined) return false;
    // Whoever hangs up is told nothing any more.
    response.on('error', () => response.destroy());
    endWhenIdle(request, response, IDLE_MILLISECONDS);
    const work =
      kind === 'uploads'
        ? serveUpload(options, { request, response, name })
        : serveBlob(options, { request, response, name });
    work.catch((cause: unknown) => refuse({ request, response }, codeOf(options, cause)));
    return true;
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

type Named = Exchange & { readonly name: string };

async function serveUpload(options: BlobDoorOptions, exchange: Named): Promise<void> {
  const { request, response, name } = exchange;
  response.setHeader('tus-resumable', TUS_VERSION);
  if (request.method === 'OPTIONS') return void response.writeHead(204, { 'tus-version': TUS_VERSION }).end();
  if (options.isStopping()) return refuse(exchange, 'stopping');
  if (request.headers['tus-resumable'] !== TUS_VERSION) return refuse(exchange, 'tus-version');
  const capability = bearer(request);
  if (name.length !== 32 || capability === null) return refuse(exchange, 'not-found');
  const held = { upload: parseHex(name), capability, end: () => void request.socket.destroy() };
  if (request.method === 'HEAD') return head(options, exchange, held);
  if (request.method === 'PATCH') return patch(options, exchange, held);
  return refuse(exchange, 'not-found');
}

type Held = Parameters<Blobs['offsetOf']>[0];

async function head({ blobs }: BlobDoorOptions, exchange: Exchange, held: Held): Promise<void> {
  const found = await blobs.offsetOf(held);
  if (found === null) return refuse(exchange, 'not-found');
  const headers = { ...HEADERS, 'upload-offset': found.offset, 'upload-length': found.sizeBytes };
  exchange.response.writeHead(200, headers).end();
}

async function patch(options: BlobDoorOptions, exchange: Exchange, held: Held): Promise<void> {
  const { request, response } = exchange;
  if (request.headers['content-type'] !== 'application/offset+octet-stream') return refuse(exchange, 'content-type');
  const offset = number(request.headers['upload-offset']);
  if (offset === null) return refuse(exchange, 'request-malformed');
  const length = number(request.headers['content-length']);
  const result = await options.blobs.append(held, { offset, length, source: pieces(request) });
  if (result === null) return refuse(exchange, 'not-found');
  if (result === 'offset') return refuse(exchange, 'upload-offset');
  if (result === 'too-large') return refuse(exchange, 'body-too-large');
  options.metrics.blobBytes('in', result.offset - offset);
  response.writeHead(204, { ...HEADERS, 'upload-offset': result.offset }).end();
}

/** What comes, a piece at a time, whose memory is given back when the next is asked for. */
async function* pieces(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  for await (const piece of request) {
    yield piece;
    release(piece);
  }
}

async function serveBlob({ blobs, metrics }: BlobDoorOptions, exchange: Named): Promise<void> {
  const { request, response, name } = exchange;
  const capability = bearer(request);
  if (name.length !== 64 || capability === null || !['GET', 'HEAD'].includes(request.method ?? '')) {
    return refuse(exchange, 'not-found');
  }
  const blob = await blobs.readable({ hash: parseHex(name), capability });
  if (blob === null) return refuse(exchange, 'not-found');
  const { sizeBytes } = blob;
  const range = rangeOf(request.headers.range, sizeBytes);
  if (range === null) return refuse(exchange, 'range-unsatisfiable');
  const headers = {
    ...HEADERS,
    'content-type': 'application/octet-stream',
    'content-length': range.end - range.start + 1,
    'accept-ranges': 'bytes',
    etag: `"${hex(blob.hash)}"`,
    ...(range.isPart ? { 'content-range': `bytes ${range.start}-${range.end}/${sizeBytes}` } : {}),
  };
  if (request.method === 'HEAD') return void response.writeHead(200, headers).end();
  await using content = await blobs.open(blob);
  response.writeHead(range.isPart ? 206 : 200, headers);
  metrics.blobBytes('out', await sendFile(content, response, range));
}

/** A problem, and the end of the connection: what is still on its way is not wanted. */
function refuse({ request, response }: Exchange, code: ProblemCode): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const { status, body } = problem(code);
  response.writeHead(status, { ...HEADERS, 'content-type': 'application/problem+json', connection: 'close' });
  response.end(request.method === 'HEAD' ? undefined : body, () => request.socket.destroySoon());
}

function codeOf({ logger }: BlobDoorOptions, cause: unknown): ProblemCode {
  const fault = storageFault(cause);
  if (fault instanceof Fault && (fault.code === 'disk-full' || fault.code === 'blob-store-gone')) {
    logger.warn('blobs-failed', { code: fault.code });
    return fault.code;
  }
  if (fault instanceof Fault && fault.code === 'not-found') return 'not-found';
  // The client hung up, which is nobody's fault.
  if (!isHangUp(cause)) logger.error('blobs-failed', errorFacts(cause));
  return 'server-error';
}

function isHangUp(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'EPIPE', 'ERR_STREAM_DESTROYED', 'ABORT_ERR'].includes(code);
}

function bearer({ headers }: IncomingMessage): Uint8Array | null {
  const [, token] = /^Bearer ([A-Za-z0-9_-]{43})$/.exec(headers.authorization ?? '') ?? [];
  return token === undefined ? null : Uint8Array.from(Buffer.from(token, 'base64url'));
}

function number(header: string | readonly string[] | undefined): number | null {
  return typeof header === 'string' && /^[0-9]{1,15}$/.test(header) ? Number(header) : null;
}

/** The bytes that are asked for; null where there are none. A range of another form is left out, as RFC 9110 allows. */
function rangeOf(
  header: string | undefined,
  sizeBytes: number,
): { readonly start: number; readonly end: number; readonly isPart: boolean } | null {
  const [, from, to] = /^bytes=([0-9]{1,15})-([0-9]{0,15})$/.exec(header ?? '') ?? [];
  if (from === undefined) return { start: 0, end: sizeBytes - 1, isPart: false };
  const start = Number(from);
  const end = to === undefined || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  return start > end ? null : { start, end, isPart: true };
}

const PATH = /^\/v1\/(uploads|blobs)\/([0-9a-f]{32}|[0-9a-f]{64})$/;
const TUS_VERSION = '1.0.0';
const IDLE_MILLISECONDS = 60_000;
/** Bytes that no browser shall interpret, keep or embed. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
} as const;
