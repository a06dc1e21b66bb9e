import { base64url } from '@sotto/bytes';
import { webHeaders } from '@sotto/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../rest/problem.ts';
import type { ServedAsset, WebClient } from './client.ts';

export interface WebRoutesOptions {
  readonly client: WebClient;
  /** The origins under which pages reach this server. */
  readonly origins: ReadonlySet<string>;
}

/**
 * Hands out the web client: its assets by their paths, and its page for every address that a person opens. A path is looked up as
 * it was sent, in a table: there is no way from it to the disk.
 */
export function webRoutes(app: FastifyInstance, { client, origins }: WebRoutesOptions): void {
  const index = assetOf(client, '/index.html');
  const headersOf = (asset: ServedAsset) => webHeaders(asset, { origins, inline: index.inline });
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const path = request.raw.url?.split('?')[0] ?? '/';
    const asset = client.assets.get(path) ?? (isPage(path, request) ? index : null);
    if (asset === null) throw new ProblemError('not-found');
    reply.headers(headersOf(asset));
    return await send(asset, request, reply);
  };
  app.get('/', { schema: { hide: true } }, answer);
  app.get('/*', { schema: { hide: true } }, answer);
}

function assetOf({ assets }: WebClient, path: string): ServedAsset {
  const asset = assets.get(path);
  if (asset === undefined) throw new Error(`a release without ${path}`);
  return asset;
}

/** The client's own addresses: an invitation, whoever asks, and whatever a browser opens that is not of the API or a lost asset. */
function isPage(path: string, { headers }: FastifyRequest): boolean {
  if (path === '/' || /^\/i\/[0-9A-Za-z]{26}$/.test(path)) return true;
  return !/^\/(?:v1|assets)\//.test(path) && (headers.accept ?? '').includes('text/html');
}

async function send(asset: ServedAsset, { headers }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { encoding, bytes } = await asset.encodings.best(String(headers['accept-encoding'] ?? ''));
  const tag = `"${base64url(asset.hash)}${encoding === null ? '' : `-${encoding}`}"`;
  reply.headers({
    'cache-control': asset.path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: tag,
    vary: 'accept-encoding',
  });
  if (isKnown(tag, headers['if-none-match'])) return reply.status(304).send();
  if (encoding !== null) reply.header('content-encoding', encoding);
  return reply.type(asset.type).send(bytes);
}

/** RFC 9110 section 13.1.2: compared weakly. */
function isKnown(tag: string, known: string | undefined): boolean {
  if (known === undefined) return false;
  return known.split(',').some((each) => ['*', tag].includes(each.trim().replace(/^W\//, '')));
}
