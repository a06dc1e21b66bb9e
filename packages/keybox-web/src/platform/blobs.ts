import { concat } from '@sotto/bytes';
import { runningSha256 } from '@sotto/crypto/web';
import { type BlobTransport, type HttpRequest, type HttpResponse, KeyboxUsageFault } from '@sotto/keybox';
import { isLoopbackName } from './transport.ts';

/** HTTP to the home server by fetch: no cookies, no cache, no redirect. Its TLS is the browser's, as the transport's is. */
export const fetchBlobs: BlobTransport = {
  async request({ origin }, request) {
    const url = new URL(request.path, origin);
    if (url.protocol !== 'https:' && !isLoopbackName(url.hostname)) {
      throw new KeyboxUsageFault('tls-refused', 'plain http is taken for this machine alone: use the https address');
    }
    try {
      return answered(await send(url, request), request);
    } catch (cause) {
      throw asFault(cause, request);
    }
  },
  sha256: runningSha256,
};

function send(url: URL, { method, headers, body, signal }: HttpRequest): Promise<Response> {
  return fetch(url, {
    method,
    headers: { ...headers },
    // Not a `Blob`: browsers keep those elsewhere, and collect them too late for some GiB.
    body: body === null ? null : concat(...body),
    redirect: 'error',
    credentials: 'omit',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    ...(signal === undefined ? {} : { signal }),
  });
}

function answered(response: Response, request: HttpRequest): HttpResponse {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    headers[name.toLowerCase()] = value;
  });
  return { status: response.status, headers, body: pieces(response.body, request) };
}

async function* pieces(body: ReadableStream<Uint8Array> | null, request: HttpRequest): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (cause) {
    throw asFault(cause, request);
  } finally {
    // What is not read to its end is not fetched either.
    await reader.cancel().catch(() => undefined);
  }
}

function asFault(cause: unknown, { signal }: HttpRequest): KeyboxUsageFault {
  if (cause instanceof KeyboxUsageFault) return cause;
  if (signal?.aborted) return new KeyboxUsageFault('cancelled', 'stopped; the same call goes on from here', { cause });
  return new KeyboxUsageFault('unreachable', 'the home server cannot be reached: try again later', { cause });
}
