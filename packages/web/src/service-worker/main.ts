import { DOWNLOAD_PATH } from '@sotto/keybox-web';
import type { ReleaseQuestion, ReleaseRemark } from '../release/state.ts';
import { answerFromRelease } from './answer.ts';
import { answerDownload, downloadOf } from './download.ts';
import { openFromNotification, showWakeUp } from './push.ts';
import { Releases } from './releases.ts';
import { scope } from './scope.ts';

/** The release key that this worker was built with, hexadecimal: the pin. */
declare const RELEASE_KEY: string;

const releases = new Releases(RELEASE_KEY);

scope.addEventListener('install', (event) => event.waitUntil(releases.install()));

scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));

scope.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin !== location.origin || pathname.startsWith('/v1/')) return letPass(event.request);
  const download = downloadOf(pathname);
  if (download !== null) event.respondWith(answerDownload(download, event));
  else if (pathname.startsWith(DOWNLOAD_PATH)) event.respondWith(Promise.resolve(new Response(null, { status: 404 })));
  else event.respondWith(answerFromRelease(event.request, releases));
});

scope.addEventListener('message', (event) => {
  const said = event.data as ReleaseQuestion | ReleaseRemark;
  if (said.kind === 'take-over') return event.waitUntil(scope.skipWaiting());
  // Having heard it is what it was for.
  if (said.kind === 'here') return;
  event.waitUntil(releases.answer(said).then((state) => event.ports[0]?.postMessage(state)));
});

scope.addEventListener('push', (event) => event.waitUntil(showWakeUp()));

scope.addEventListener('notificationclick', (event) => event.waitUntil(openFromNotification(event.notification)));

/**
 * The browser answers by itself, and sends a body of its own. Chromium keeps the one that was meant for us for as long as
 * we run unless we let it go, which before it has seen that nobody answers would be an error: gigabytes, in a long upload.
 */
function letPass({ body }: Request): void {
  if (body) setTimeout(() => void body.cancel().catch(() => undefined));
}
