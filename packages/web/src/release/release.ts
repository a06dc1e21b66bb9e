import { trustedWorker } from '../app/trusted.ts';
import {
  isWithoutGuardian,
  type Refusal,
  type ReleaseNews,
  type ReleaseQuestion,
  type ReleaseRemark,
  type ReleaseState,
} from './state.ts';

/** What a page knows of the release that it is part of. */
export interface ReleaseStatus extends ReleaseState {
  /**
   * `kept`: the service worker answers out of a release that was judged. `first-load`: it will from the next load on.
   * `unprotected`: this browser has no service worker for us, so the server's word is all there is.
   */
  readonly protection: 'kept' | 'first-load' | 'unprotected';
}

/** Registers the service worker and keeps looking for newer releases; once per page. */
export function startRelease(): void {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (workers === undefined || import.meta.env.DEV) {
    change({ protection: 'unprotected' });
    return;
  }
  change({ protection: workers.controller === null ? 'first-load' : 'kept' });
  workers.addEventListener('message', ({ data, source }: MessageEvent<ReleaseNews>) => {
    // One that waits may say what it likes.
    if (workers.controller === null || source === workers.controller) hear(data);
  });
  watchController(workers);
  workers.startMessages();
  void register(workers);
}

export function releaseStatus(): ReleaseStatus {
  return status;
}

export function subscribeRelease(listen: () => void): () => void {
  listeners.add(listen);
  return () => void listeners.delete(listen);
}

/** Looks for a newer release now. */
export async function lookForRelease(): Promise<void> {
  await (await navigator.serviceWorker?.getRegistration())?.update().catch(offline);
  await ask({ kind: 'look' });
}

/** Uses the release that waits; every tab loads anew. */
export async function switchRelease(): Promise<void> {
  const { installing, waiting } = (await navigator.serviceWorker.getRegistration()) ?? {};
  const next = waiting ?? installing ?? null;
  if (next !== null) await letTakeOver(next);
  await ask({ kind: 'switch' });
}

/** Takes releases of another key from now on: its fingerprint was compared with the people who make them. */
export function acceptReleaseKey(keyFingerprint: string): Promise<void> {
  return ask({ kind: 'accept-key', keyFingerprint });
}

/** Goes on with the release in use, whatever was refused. */
export async function putRefusalAway(): Promise<void> {
  change({ refusal: null });
  await ask({ kind: 'put-away' });
}

async function register(workers: ServiceWorkerContainer): Promise<void> {
  try {
    const registration = await workers.register(trustedWorker('/service-worker.js'), { updateViaCache: 'none' });
    registration.addEventListener('updatefound', () => void judgeWorker(registration));
    // The browser looks by itself whenever a page is loaded, and may have found one before anybody listened.
    if (registration.installing !== null || registration.waiting !== null) void judgeWorker(registration);
    await ask({ kind: 'state' });
    await lookForRelease();
    setInterval(() => void lookForRelease(), LOOK_MILLISECONDS);
  } catch {
    // The browser forbids it, as private windows may, or refused what it was given: the worker has told us then.
    if (status.protection === 'first-load' && status.refusal === null) change({ protection: 'unprotected' });
  }
}

/** Only a worker that a signed manifest names may take the place of the one that runs. */
async function judgeWorker({ active }: ServiceWorkerRegistration): Promise<void> {
  if (active !== null) await ask({ kind: 'judge-worker' });
}

async function letTakeOver(next: ServiceWorker): Promise<void> {
  if (status.nextWorker === null) await ask({ kind: 'judge-worker' });
  if (status.nextWorker === null) return;
  const settled = new Promise<void>((resolve) => {
    next.addEventListener('statechange', () => {
      if (next.state === 'installed') next.postMessage({ kind: 'take-over' } satisfies ReleaseRemark);
      if (next.state === 'activated' || next.state === 'redundant') resolve();
    });
  });
  next.postMessage({ kind: 'take-over' } satisfies ReleaseRemark);
  await settled;
}

/** A worker that takes over without having been judged is not ours. Where there is none any more, everything was deleted. */
function watchController(workers: ServiceWorkerContainer): void {
  let before = workers.controller;
  workers.addEventListener('controllerchange', () => {
    const isGone = workers.controller === null;
    if (isGone || (before !== null && status.nextWorker === null)) change({ refusal: refusalOfWorker(isGone) });
    before = workers.controller;
    if (status.protection !== 'kept') void ask({ kind: 'state' });
  });
}

function refusalOfWorker(isGone: boolean): Refusal {
  return {
    code: isGone ? 'worker-gone' : 'worker-replaced',
    path: '/service-worker.js',
    keyFingerprint: null,
    at: Date.now(),
  };
}

function hear(news: ReleaseNews): void {
  if (news.kind === 'release') change(news.state);
  else if (news.kind === 'still-there') tell({ kind: 'here' });
  else location.reload();
}

/** Asks the worker that controls this page; where none does yet, the one that will. */
async function ask(question: ReleaseQuestion): Promise<void> {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  const active = workers?.controller ?? (await workers?.getRegistration())?.active ?? null;
  if (active === null) return;
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise<ReleaseState>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<ReleaseState>) => resolve(data);
  });
  active.postMessage(question, [port2]);
  change(await answered);
  port1.close();
}

function tell(remark: ReleaseRemark): void {
  navigator.serviceWorker.controller?.postMessage(remark);
}

function change(change: Partial<ReleaseStatus>): void {
  const { refusal } = status;
  // Without a guardian nobody is left who could say that all is well again, or make less of it.
  const stays = refusal !== null && isWithoutGuardian(refusal);
  status = { ...status, ...change, ...(stays ? { refusal } : {}) };
  for (const listen of listeners) listen();
}

const offline = (): undefined => undefined;

const LOOK_MILLISECONDS = 3_600_000;
const listeners = new Set<() => void>();
let status: ReleaseStatus = { protection: 'first-load', current: null, update: null, nextWorker: null, refusal: null };
