import type { Address } from '@sotto/protocol';
import type { VaultEvent, VaultState } from '../vault.ts';

/** The Web Lock whose holder is the one worker that has the vaults. */
export const VAULTS_LOCK = 'sotto/vaults';

/** Who is there, on one channel for all. */
export type ControlMessage =
  /** The holder has begun, or what it hands on has changed: tabs say `hello`, workers that wait `waiting`. */
  | { readonly kind: 'holding'; readonly holder: string }
  /** A tab has calls to make, on a channel of its own. */
  | { readonly kind: 'hello'; readonly tab: string }
  | { readonly kind: 'welcome'; readonly tab: string; readonly holder: string; readonly state: VaultState }
  | { readonly kind: 'bye'; readonly tab: string }
  /** A worker waits for the lock, and would go on with an open account. */
  | { readonly kind: 'waiting'; readonly heir: string }
  /** The account was locked: what was handed on is wiped. */
  | { readonly kind: 'disinherit' };

/** What opens an account again, from the holder to a worker that waits: kept in memory alone. */
export interface Inheritance {
  readonly address: Address;
  readonly vaultSecret: Uint8Array;
}

export interface ControlChannel {
  say(message: ControlMessage): void;
  close(): void;
}

export function controlChannel(hear: (message: ControlMessage) => void): ControlChannel {
  const channel = new BroadcastChannel('sotto/control');
  channel.onmessage = ({ data }: MessageEvent<ControlMessage>) => hear(data);
  return { say: (message) => channel.postMessage(message), close: () => channel.close() };
}

/** Calls of one tab and their answers. */
export function tabChannel(tab: string): BroadcastChannel {
  return new BroadcastChannel(`sotto/tab/${tab}`);
}

/** What is handed on to one worker that waits; its id is known to it and the holder. */
export function heirChannel(heir: string): BroadcastChannel {
  return new BroadcastChannel(`sotto/heir/${heir}`);
}

/** What the holder tells all tabs, as `VaultEvent`. */
export function eventChannel(): BroadcastChannel {
  return new BroadcastChannel('sotto/events');
}

export type EventMessage = MessageEvent<VaultEvent>;
