import type { MethodKind } from '@sotto/keybox/methods';
import { type Endpoint, expose } from 'comlink';
import { WebUsageFault } from '../fault.ts';
import type { VaultWorker } from '../vault.ts';
import { Listeners, parseCall } from './calls.ts';
import { tabChannel } from './channels.ts';
import { callKind } from './methods.ts';
import { thrownAnswer } from './remote-fault.ts';

/**
 * Answers the calls of one tab. Only calls of published methods reach Comlink, which else would walk along whatever names
 * it is given. `done` is told after each. Returns what ends it.
 */
export function serveTab(tab: string, worker: VaultWorker, done: (kind: MethodKind) => void): () => void {
  const channel = tabChannel(tab);
  const listeners = new Listeners();
  const kinds = new Map<string, MethodKind>();
  const endpoint: Endpoint = {
    addEventListener: listeners.add,
    removeEventListener: listeners.remove,
    postMessage(answer: { readonly id: string }) {
      answering(channel, answer);
      const kind = kinds.get(answer.id);
      kinds.delete(answer.id);
      if (kind !== undefined) done(kind);
    },
  };
  channel.onmessage = ({ data }: MessageEvent<{ readonly id?: string }>) => {
    const call = parseCall(data);
    const kind = call === null ? null : callKind(call.path);
    if (call !== null && kind !== null) {
      kinds.set(call.id, kind);
      listeners.tell(call);
    } else if (typeof data?.id === 'string') {
      const fault = new WebUsageFault('method-unknown', 'the vaults have nothing of that name');
      channel.postMessage(thrownAnswer(data.id, fault));
    }
  };
  expose(worker, endpoint);
  return () => channel.close();
}

/** The tab may have gone meanwhile. */
function answering(channel: BroadcastChannel, answer: unknown): void {
  try {
    channel.postMessage(answer);
  } catch (cause) {
    if (!(cause instanceof DOMException) || cause.name !== 'InvalidStateError') throw cause;
  }
}
