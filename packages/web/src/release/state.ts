/** What the service worker refused: docs/spec/web-release.md#judging. */
export type RefusalCode =
  | 'manifest-forged'
  | 'release-key-changed'
  | 'release-older'
  | 'asset-altered'
  | 'asset-unlisted'
  | 'worker-replaced'
  | 'worker-gone';

export interface Refusal {
  readonly code: RefusalCode;
  /** Of the asset that it was about. */
  readonly path: string | null;
  /** Of the key that somebody else signed with, hexadecimal. */
  readonly keyFingerprint: string | null;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Whether what checks everything is no longer there: nothing that is loaded from now on can be trusted. */
export function isWithoutGuardian({ code }: Refusal): boolean {
  return code === 'worker-replaced' || code === 'worker-gone';
}

/** What people can compare of a release. */
export interface ReleaseFacts {
  readonly version: string;
  /** When it was built, milliseconds since the epoch. */
  readonly at: number;
  /** SHA-256 of the signed manifest, hexadecimal. */
  readonly hash: string;
  /** Hexadecimal. */
  readonly keyFingerprint: string;
  /** SHA-256 of its service worker, hexadecimal. */
  readonly workerHash: string;
}

/** What the service worker knows of releases in this browser. */
export interface ReleaseState {
  /** The one that is in use; null before the first was judged. */
  readonly current: ReleaseFacts | null;
  /** A newer one that passed, and waits for its person. */
  readonly update: ReleaseFacts | null;
  /** SHA-256, hexadecimal, of a service worker that was judged and may take over; null while there is none. */
  readonly nextWorker: string | null;
  /** The last refusal that nobody has put away. */
  readonly refusal: Refusal | null;
}

/** What a page asks of the service worker, with a port for the answer: a `ReleaseState`. */
export type ReleaseQuestion =
  | { readonly kind: 'state' }
  /** Is there a newer release? */
  | { readonly kind: 'look' }
  /** Use it. */
  | { readonly kind: 'switch' }
  /** Has the server a service worker that no manifest names? */
  | { readonly kind: 'judge-worker' }
  /** The person has compared the fingerprint of the new release key. */
  | { readonly kind: 'accept-key'; readonly keyFingerprint: string }
  | { readonly kind: 'put-away' };

/** What a page says to a service worker that waits, or that asked whether it is still there. */
export type ReleaseRemark = { readonly kind: 'take-over' } | { readonly kind: 'here' };

/** What the service worker tells all pages. */
export type ReleaseNews =
  | { readonly kind: 'release'; readonly state: ReleaseState }
  /** Another release is in use from now on. */
  | { readonly kind: 'switched' }
  /** A download goes on as long as somebody answers. */
  | { readonly kind: 'still-there' };
