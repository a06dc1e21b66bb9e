import { DOWNLOAD_PATH, downloadResponse } from '@sotto/keybox-web';
import type { ReleaseNews } from '../release/state.ts';
import { type ScopeEvent, tellPages } from './scope.ts';

/** The path of a download: an id, and perhaps the name of the file for people to see. */
export function downloadOf(path: string): string | null {
  return new RegExp(`^${DOWNLOAD_PATH}([A-Za-z0-9_-]{16,64})(?:/[^/]*)?$`).exec(path)?.[1] ?? null;
}

/** Streams a file that the vault's worker decrypts; the service worker lives until the last byte has left. */
export async function answerDownload(id: string, event: ScopeEvent): Promise<Response> {
  const response = await downloadResponse(id);
  if (response.body === null) return response;
  const { promise: gone, resolve: end } = Promise.withResolvers<void>();
  event.waitUntil(keepAlive(gone));
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        end();
      },
      async cancel(reason) {
        end();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status: response.status, headers: response.headers });
}

/** Browsers stop a service worker that has heard nothing for half a minute, whatever it still has to send. */
async function keepAlive(gone: Promise<void>): Promise<void> {
  const timer = setInterval(
    () => void tellPages({ kind: 'still-there' } satisfies ReleaseNews),
    HEARTBEAT_MILLISECONDS,
  );
  await gone;
  clearInterval(timer);
}

const HEARTBEAT_MILLISECONDS = 10_000;
