import { createSuites } from '@sotto/crypto';
import { webPrimitives } from '@sotto/crypto/web';
import type { Platform } from '@sotto/keybox';
import { fetchBlobs } from './blobs.ts';
import { systemClock } from './clock.ts';
import { webSocketTransport } from './transport.ts';

/** What a browser lends to a keybox: a page loads no suite modules. */
export function webPlatform(): Platform {
  const primitives = webPrimitives();
  return {
    primitives,
    suites: createSuites(primitives),
    clock: systemClock,
    transport: webSocketTransport,
    blobs: fetchBlobs,
  };
}
