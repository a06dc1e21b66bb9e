import type { Platform } from '../ports.ts';
import type { BlobLink } from '../session.ts';

/** The way to the blobs of one home server, under the same trust as the channel's TLS. */
export function blobLink(
  { blobs }: Platform,
  { origin, caFingerprint }: { readonly origin: string; readonly caFingerprint: Uint8Array },
): BlobLink {
  return {
    request: (request) => blobs.request({ origin, caFingerprint }, request),
    sha256: () => blobs.sha256(),
  };
}
