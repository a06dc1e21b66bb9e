import type { Fault } from '@sotto/bytes';
import type { RemoteMedia } from '../session/media.ts';
import type { NameAddress } from '../syntax/name-address.ts';

/** The end of one way that messages take. */
export interface Hop {
  readonly transport: 'UDP' | 'TCP';
  /** An IP address without brackets. */
  readonly address: string;
  readonly port: number;
}

/**
 * How a call ended. `cancelled`: by the caller before an answer. `unanswered`: nobody picked up, or nothing came back.
 * `refused`: as a fault says, or the status.
 */
export interface Ending {
  readonly reason: 'hung-up' | 'declined' | 'busy' | 'cancelled' | 'unanswered' | 'refused';
  /** What the other end said; null where it said nothing. */
  readonly status: number | null;
  readonly fault: Fault | null;
}

/** What the agent has for whoever carries it; in this order. Calls are named by numbers. */
export type SipEvent =
  | { readonly kind: 'send'; readonly hop: Hop; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Somebody calls. Who it is and where their media are is their claim: nothing of this signalling is signed. */
  | {
      readonly kind: 'incoming';
      readonly call: number;
      readonly from: NameAddress;
      readonly hop: Hop;
      readonly media: RemoteMedia;
    }
  | { readonly kind: 'ringing'; readonly call: number }
  /** The other end took our call. */
  | { readonly kind: 'answered'; readonly call: number; readonly media: RemoteMedia }
  /** The other end knows that we took its call. */
  | { readonly kind: 'confirmed'; readonly call: number }
  /** The other end holds the call, goes on with it, or moved; its protection is the same. */
  | { readonly kind: 'updated'; readonly call: number; readonly media: RemoteMedia }
  /** Something was asked for that is not done here: nothing changed. */
  | { readonly kind: 'refused'; readonly call: number | null; readonly fault: Fault }
  | { readonly kind: 'ended'; readonly call: number; readonly ending: Ending };
