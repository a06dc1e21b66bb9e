/** What became of a call's packets, for its people. */
export interface CallStatistics {
  readonly seconds: number;
  readonly sent: { readonly packets: number /** With headers of IP and UDP. */; readonly bytes: number };
  readonly received: { readonly packets: number; readonly lost: number; readonly late: number };
  /** Datagrams that were not of this call, altered, repeated, or came before there were keys. */
  readonly refused: number;
  readonly concealed: number;
  readonly skipped: number;
  readonly jitterMilliseconds: number;
  readonly delayMilliseconds: number;
  readonly roundTripMilliseconds: number | null;
  /** As the other end tells it, 0 to 1; null if it did not. */
  readonly lossThere: number | null;
}
