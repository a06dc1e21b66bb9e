/** The databases that a home server runs on. */
type Engine = 'sqlite' | 'postgres';

export interface TestedEngine {
  readonly engine: Engine;
  /** Test files. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/**
 * On which engines tests run, by SOTTO_TEST_DATABASE: `sqlite` (unless told otherwise), `postgres` for every test that
 * has a server, or `both`, which repeats on PostgreSQL those that ask most of a database.
 */
export function testedEngines({ SOTTO_TEST_DATABASE: chosen = 'sqlite' }: NodeJS.ProcessEnv): readonly TestedEngine[] {
  if (chosen === 'sqlite') return [sqlite];
  if (chosen === 'postgres') return [{ ...postgres, include: all }];
  if (chosen !== 'both') throw new Error('SOTTO_TEST_DATABASE is sqlite, postgres or both');
  return [sqlite, postgres];
}

const all = ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts'];
/** Each handler of the server, whole histories of clients on it, crashes, restores, and its programs. */
const hard = [
  'packages/server/src/**/*.test.ts',
  'packages/keybox/src/{scenario,crash}.test.ts',
  'packages/keybox/src/restored/*.test.ts',
  'test/cli/{talk,admin}.test.ts',
  'test/acceptance/{crash-server,restore}.test.ts',
  'test/**/*.postgres.test.ts',
];

/** What is about SQLite's own files: the file itself, the replica that copies its pages, the thief of the folder. */
const ofSqlite = [
  'packages/server/src/store/sqlite.test.ts',
  'packages/server/src/replica/**',
  'packages/server/src/sessions/dictionary.test.ts',
];

/** What has no database at all. */
const withoutServer = [
  'packages/{agent,bytes,cli,crypto,pki,protocol,testing,transparency}/**',
  'packages/server/src/cluster.test.ts',
  'packages/server/src/presence/board.test.ts',
  'packages/server/src/store/postgres/{access,translate}.test.ts',
  'test/*.test.ts',
  'test/browsers/**',
];

const sqlite: TestedEngine = { engine: 'sqlite', include: all, exclude: ['**/*.postgres.test.ts'] };
const postgres: TestedEngine = { engine: 'postgres', include: hard, exclude: [...ofSqlite, ...withoutServer] };
