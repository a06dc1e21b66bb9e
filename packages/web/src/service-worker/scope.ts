/** What a service worker finds around it, as far as ours uses it: the compiler's own declarations exclude those of pages. */
interface ServiceWorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: {
      readonly type: 'window';
      readonly includeUncontrolled: boolean;
    }): Promise<readonly PageClient[]>;
    openWindow(url: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener<Name extends keyof ScopeEvents>(name: Name, listen: (event: ScopeEvents[Name]) => void): void;
}

export interface PageClient {
  readonly url: string;
  readonly focused: boolean;
  readonly visibilityState: 'visible' | 'hidden';
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}

export interface ScopeEvent {
  waitUntil(work: Promise<unknown>): void;
}

interface AnswerableEvent extends ScopeEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

interface AskedEvent extends ScopeEvent {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
}

interface ScopeEvents {
  readonly install: ScopeEvent;
  readonly activate: ScopeEvent;
  readonly push: ScopeEvent;
  readonly fetch: AnswerableEvent;
  readonly message: AskedEvent;
  readonly notificationclick: ScopeEvent & { readonly notification: Notification };
}

export const scope: ServiceWorkerScope = globalThis as unknown as ServiceWorkerScope;

/** All pages of this client, those of a load before this worker among them. */
export function pages(): Promise<readonly PageClient[]> {
  return scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
}

export async function tellPages(message: unknown): Promise<void> {
  for (const page of await pages()) page.postMessage(message);
}
