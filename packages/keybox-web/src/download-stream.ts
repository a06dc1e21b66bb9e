/**
 * A download on its way from the vault's worker, which decrypts it, to the service worker, which gives it to the browser as
 * an answer. Both speak on a BroadcastChannel whose name nobody can guess; one piece is under way at a time, and only when
 * the reader asks for it, so that neither holds more than that.
 *
 * 1. `tools.offerFile` makes an id and gives the page the path `/download/ID`, which the page has the browser fetch.
 * 2. The service worker answers that path by `downloadResponse(ID)`: it says `open`, and the vault's worker `head`.
 * 3. For each `pull` there is one `piece`, or `end` after the last, or `fault`, which breaks the answer off. What was shown to
 *    be another content than its sender's only at the very end ends with `fault` too: a browser keeps no such file.
 * 4. `cancel` by the service worker ends it from the other side.
 *
 * An offer that nobody opens within a minute is withdrawn.
 */
export type DownloadRequest = { readonly kind: 'open' | 'pull' | 'cancel' };

export type DownloadAnswer =
  | { readonly kind: 'head'; readonly name: string; readonly sizeBytes: number }
  | { readonly kind: 'piece'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'end' }
  /** `code` as everywhere. */
  | { readonly kind: 'fault'; readonly code: string };

/** Under this path of the origin, an id behind it, a service worker finds downloads. */
export const DOWNLOAD_PATH = '/download/';

export function downloadChannel(id: string): BroadcastChannel {
  return new BroadcastChannel(`sotto/download/${id}`);
}

/**
 * What a service worker answers for a download: an attachment of bytes without a type, whatever the file says it is, or 404
 * if nobody offers it.
 */
export async function downloadResponse(id: string): Promise<Response> {
  const channel = downloadChannel(id);
  const answers = listen(channel);
  const say = (kind: DownloadRequest['kind']): void => channel.postMessage({ kind } satisfies DownloadRequest);
  say('open');
  const head = await Promise.race([answers.next(), silence()]);
  if (head?.kind !== 'head') {
    channel.close();
    return new Response(null, { status: 404 });
  }
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        say('pull');
        const answer = await answers.next();
        if (answer.kind === 'piece') return controller.enqueue(answer.bytes);
        channel.close();
        if (answer.kind === 'end') controller.close();
        else controller.error(new TypeError('the download broke off'));
      },
      cancel() {
        say('cancel');
        channel.close();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(head.sizeBytes),
      'content-disposition': `attachment; filename*=UTF-8''${encoded(head.name)}`,
      'content-security-policy': "default-src 'none'; sandbox",
      // Firefox asks these of whatever is to go into a frame, before it sees that it is to be saved.
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
}

/** RFC 8187: what is no attribute character is percent-encoded. */
function encoded(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function listen(channel: BroadcastChannel): { next(): Promise<DownloadAnswer> } {
  const come: DownloadAnswer[] = [];
  let waiting: ((answer: DownloadAnswer) => void) | null = null;
  channel.onmessage = ({ data }: MessageEvent<DownloadAnswer>) => {
    if (waiting === null) come.push(data);
    else waiting(data);
    waiting = null;
  };
  return {
    next() {
      const answer = come.shift();
      if (answer !== undefined) return Promise.resolve(answer);
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
  };
}

function silence(): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), PATIENCE_MILLISECONDS));
}

const PATIENCE_MILLISECONDS = 5000;
