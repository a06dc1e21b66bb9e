import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SuiteFactory } from '@sotto/crypto';
import { HomeUsageFault } from './usage.ts';

/** Loads third-party suites: modules that export `createSuite`. Throws `suite-module-unusable`. */
export async function loadSuites(paths: readonly string[]): Promise<SuiteFactory[]> {
  const factories: SuiteFactory[] = [];
  for (const path of paths) factories.push(await loadSuite(path));
  return factories;
}

async function loadSuite(path: string): Promise<SuiteFactory> {
  let module: { readonly createSuite?: unknown };
  try {
    module = await import(pathToFileURL(resolve(path)).href);
  } catch (cause) {
    throw new HomeUsageFault('suite-module-unusable', `the suite module ${path} cannot be loaded`, { cause });
  }
  if (typeof module.createSuite === 'function') return module.createSuite as SuiteFactory;
  throw new HomeUsageFault('suite-module-unusable', `the suite module ${path} exports no createSuite`);
}
