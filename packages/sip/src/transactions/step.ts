/** What came of an input to a transaction. */
export interface Step {
  readonly sends: readonly Uint8Array<ArrayBuffer>[];
  /** `pass`: the input is for whoever uses the transaction. `timed-out`: the other end does not answer. */
  readonly outcome: 'none' | 'pass' | 'timed-out';
}

export const NOTHING: Step = { sends: [], outcome: 'none' };

/** A request or response for the network, repeated over UDP until something comes back (RFC 3261 section 17). */
export interface Sending {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Over TCP nothing is repeated. */
  readonly isReliable: boolean;
  readonly now: number;
}
