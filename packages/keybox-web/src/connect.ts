import { type Remote, wrap } from 'comlink';
import { WebUsageFault } from './fault.ts';
import type { UnusableReason, VaultEvent, VaultState, Vaults, VaultWorker } from './vault.ts';
import { controlChannel, type EventMessage, eventChannel } from './wire/channels.ts';
import { PageEndpoint } from './wire/page-endpoint.ts';
import { carryFaults } from './wire/remote-fault.ts';

/**
 * Connects a page with the vaults of this browser. `startWorker` starts this tab's worker from the door
 * `@sotto/keybox-web/worker`: it waits for as long as another tab's has the vaults, and takes over when that one ends.
 * Calls wait until a worker has them; a call that was under way when its worker ended is made again where that does no more
 * than once, else it throws `worker-lost`.
 */
export function connectVaults(startWorker: () => Worker): Vaults {
  const connection = new Connection();
  const reason = unusableReason();
  if (reason === null) connection.start(startWorker);
  else connection.giveUp(reason);
  const { gate, box, tools } = connection.remote as unknown as Pick<Vaults, 'gate' | 'box' | 'tools'>;
  return {
    gate,
    box,
    tools,
    state: () => connection.state,
    subscribe: (listener) => connection.subscribe(listener),
    newTask: () => crypto.randomUUID(),
  };
}

class Connection {
  readonly #tab = newId();
  readonly #endpoint: PageEndpoint;
  readonly #listeners = new Set<(event: VaultEvent) => void>();
  readonly remote: Remote<VaultWorker>;
  state: VaultState = { kind: 'starting' };
  #awakeAt = 0;

  constructor() {
    carryFaults();
    this.#endpoint = new PageEndpoint({ 'gate.persist': () => navigator.storage.persist() });
    this.remote = wrap<VaultWorker>(this.#endpoint);
  }

  start(startWorker: () => Worker): void {
    const tab = this.#tab;
    this.#endpoint.listen(tab);
    const events = eventChannel();
    events.onmessage = ({ data }: EventMessage) => this.#tell(data);
    const control = controlChannel((message) => {
      if (message.kind === 'holding') control.say({ kind: 'hello', tab });
      if (message.kind !== 'welcome' || message.tab !== tab) return;
      this.#endpoint.welcome(message.holder);
      this.#tell({ kind: 'state', state: message.state });
    });
    control.say({ kind: 'hello', tab });
    addEventListener('pagehide', ({ persisted }) => {
      if (!persisted) control.say({ kind: 'bye', tab });
    });
    startWorker().addEventListener('error', () => {
      if (this.state.kind === 'starting') this.giveUp('old-browser');
    });
  }

  giveUp(reason: UnusableReason): void {
    this.#endpoint.fail(new WebUsageFault('vaults-unusable', `vaults cannot be kept here: ${reason}`));
    this.#tell({ kind: 'state', state: { kind: 'unusable', reason } });
  }

  subscribe(listener: (event: VaultEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #tell(event: VaultEvent): void {
    if (event.kind === 'state') this.state = event.state;
    if (event.kind === 'progress' && event.step === 'download') this.#keepAwake();
    for (const listener of [...this.#listeners]) listener(event);
  }

  /** A browser ends a service worker that nothing happens to, in the middle of an answer if need be. */
  #keepAwake(): void {
    const now = Date.now();
    if (now - this.#awakeAt < AWAKE_MILLISECONDS) return;
    this.#awakeAt = now;
    navigator.serviceWorker?.controller?.postMessage({ kind: 'keep-awake' });
  }
}

/** What a page can tell without a worker. */
function unusableReason(): UnusableReason | null {
  if (!isSecureContext || crypto.subtle === undefined) return 'insecure';
  const hasAll =
    'locks' in navigator &&
    typeof BroadcastChannel === 'function' &&
    typeof navigator.storage?.getDirectory === 'function' &&
    typeof WebAssembly === 'object';
  if (!hasAll) return 'old-browser';
  try {
    new BroadcastChannel('sotto/probe').close();
    return null;
  } catch {
    // A browser that is told to let nothing be stored refuses this as well.
    return 'blocked';
  }
}

/** `randomUUID` needs a secure context, which is what this is to tell. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const AWAKE_MILLISECONDS = 10_000;
