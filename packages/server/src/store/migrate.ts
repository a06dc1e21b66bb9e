import { BugFault } from '@sotto/bytes';
import { migrations } from './migrations/index.ts';
import type { Connection } from './sqlite.ts';

/**
 * Brings a database to the newest schema; forward only, each step once, in a transaction of its own. Throws `bug`
 * for a database that a newer program wrote.
 */
export function migrate(connection: Connection, steps: readonly string[] = migrations): void {
  const version = connection.pragma('user_version', { simple: true }) as number;
  if (version > steps.length) throw new BugFault(`the database has schema ${version}, this program ${steps.length}`);
  for (const [index, step] of steps.entries()) {
    if (index < version) continue;
    connection.exec(`begin immediate; ${step}; pragma user_version = ${index + 1}; commit`);
  }
}
