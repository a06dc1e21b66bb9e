import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readFirstStart } from './first-start.ts';
import { createLogger, type LogLevel } from './log.ts';
import { type RunningServer, type ServerOptions, startServer } from './server.ts';
import { databaseOf } from './store/store.fixture.ts';

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-server-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface TestServer extends RunningServer {
  readonly dataDir: string;
  readonly webPort: number;
  /** What was logged, a JSON line each. */
  readonly lines: readonly string[];
}

/** A server of its own for one test, stopped when that is over. */
export async function runServer(options: Partial<ServerOptions> = {}, level: LogLevel = 'trace'): Promise<TestServer> {
  const dataDir = options.dataDir ?? temporaryFolder();
  const lines: string[] = [];
  const logger = createLogger(level, (line) => void lines.push(line));
  const database = await databaseOf(dataDir);
  const server = await startServer({ logger, database, ...options, dataDir });
  onTestFinished(() => server.close());
  return Object.assign(server, { dataDir, lines, webPort: readFirstStart(dataDir)?.web ?? 0 });
}
