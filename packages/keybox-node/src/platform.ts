import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CryptoUsageFault, createSuites, type SuiteFactory, sha256 } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import type { Platform } from '@sotto/keybox';
import { nodeBlobTransport } from './blob-transport.ts';
import { systemClock } from './clock.ts';
import { webSocketTransport } from './transport.ts';

export interface NodePlatformOptions {
  /** Paths of modules that export `createSuite`. */
  readonly suiteModules?: readonly string[];
}

/** What Node lends to a keybox. Throws `suite-invalid` for a module that makes no suite. */
export async function nodePlatform({ suiteModules = [] }: NodePlatformOptions = {}): Promise<Platform> {
  const primitives = nodePrimitives();
  const factories: SuiteFactory[] = [];
  const hashes: Uint8Array[] = [];
  for (const path of suiteModules) {
    factories.push(await loadSuite(path));
    hashes.push(sha256(await readFile(path)));
  }
  return {
    primitives,
    suites: createSuites(primitives, factories),
    suiteModules: hashes,
    clock: systemClock,
    transport: webSocketTransport(primitives, systemClock),
    blobs: nodeBlobTransport(primitives, systemClock),
  };
}

async function loadSuite(path: string): Promise<SuiteFactory> {
  const loaded: { readonly createSuite?: unknown } = await import(pathToFileURL(resolve(path)).href);
  if (typeof loaded.createSuite === 'function') return loaded.createSuite as SuiteFactory;
  throw new CryptoUsageFault('suite-invalid', 'a suite module exports a function createSuite');
}
