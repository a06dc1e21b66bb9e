import { ServerUsageFault } from '../fault.ts';
import { migrations } from './migrations/index.ts';
import type { Connection } from './sqlite.ts';

/**
 * Brings a database to the newest schema; forward only, each step once, in a transaction of its own. Throws
 * `data-unusable` for a database that a newer program wrote.
 */
export function migrate(connection: Connection, steps: readonly string[] = migrations): void {
  const version = connection.pragma('user_version', { simple: true }) as number;
  checkVersion(version, steps);
  for (const [index, step] of steps.entries()) {
    if (index < version) continue;
    connection.exec(`begin immediate; ${step}; pragma user_version = ${index + 1}; commit`);
  }
}

/** Throws `data-unusable` for the schema of a newer program. */
export function checkVersion(version: number, steps: readonly string[]): void {
  if (version <= steps.length) return;
  throw new ServerUsageFault(
    'data-unusable',
    `the database has schema ${version} of a newer program, this one knows ${steps.length}`,
  );
}
