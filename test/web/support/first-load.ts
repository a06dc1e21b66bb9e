import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../../support/program.ts';
import type { Visitor } from './visitor.ts';

/**
 * Counts the scripts that a page and its workers fetch from now on, each once and compressed by gzip at level 9. What the
 * service worker fetches beside them, to keep the release for a day without a server, is not asked for by the page.
 */
export function countScripts(visitor: Visitor): { bytes(): number } {
  const fetched = new Map<string, number>();
  visitor.context.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (request.serviceWorker() !== null || !pathname.endsWith('.js') || pathname === SERVICE_WORKER) return;
    fetched.set(pathname, compressedBytes(pathname));
  });
  return { bytes: () => [...fetched.values()].reduce((sum, bytes) => sum + bytes, 0) };
}

/** Of a script of the built client. */
export function compressedBytes(path: string): number {
  return gzipSync(readFileSync(join(root, 'packages/web/dist', path)), { level: 9 }).length;
}

/** What somebody who unlocks may have to load before a room can be read: more than 250 KiB, and never again more than this. */
export const FIRST_LOAD_BYTES = 509_000;

export const SERVICE_WORKER = '/service-worker.js';
