import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Postgres, testDatabase } from '@sotto/testing';
import { assert, onTestFinished, test } from 'vitest';
import { refusal } from './home.fixture.ts';
import { createLogger } from './log.ts';
import { runServer, temporaryFolder } from './running.fixture.ts';
import { startServer } from './server.ts';

test('a data directory stays with the kind of database that it began with, and remembers nothing else of it', async () => {
  const database = { url: (await testDatabase()) as string };
  const server = await runServer({ database });
  await server.close();
  const { dataDir } = server;
  const { web, native, ...rest } = JSON.parse(readFileSync(join(dataDir, 'first-start.json'), 'utf8'));
  assert.deepEqual(rest, { database: 'postgres', domain: 'localhost' });
  assert.isAbove(web * native, 0);
  assert.strictEqual(await refusal(startServer({ logger: SILENT, dataDir })), 'database-mismatch');
  const own = await startServer({ logger: SILENT, dataDir: temporaryFolder() });
  await own.close();
});

test('one that began with SQLite takes no other, nor a database of other keys', async () => {
  const dataDir = temporaryFolder();
  await (await startServer({ logger: SILENT, dataDir })).close();
  const database = { url: (await testDatabase()) as string };
  assert.strictEqual(await refusal(startServer({ logger: SILENT, dataDir, database })), 'database-mismatch');
  await (await startServer({ logger: SILENT, dataDir: temporaryFolder(), database })).close();
  assert.strictEqual(
    await refusal(startServer({ logger: SILENT, dataDir: temporaryFolder(), database })),
    'data-unusable',
  );
});

test('while the database is away the server is not ready; it is again by itself', async () => {
  const postgres = await Postgres.start();
  onTestFinished(() => postgres[Symbol.asyncDispose]());
  const { url, lines, close } = await runServer({ database: { url: await postgres.createDatabase() } });
  const ready = async () => (await fetch(`${url}/v1/ready`)).status;
  assert.strictEqual(await ready(), 200);
  await postgres.end('SIGQUIT');
  const answer = await fetch(`${url}/v1/ready`);
  assert.strictEqual(answer.status, 503);
  assert.include(await answer.text(), '"unavailable"');
  assert.strictEqual((await fetch(`${url}/v1/health`)).status, 200);
  await postgres.resume();
  while ((await ready()) !== 200) await setTimeout(50);
  assert.match(lines.join(''), /"event":"database-lost".*"event":"database-back"/s);
  await postgres.end('SIGINT');
  await close();
  assert.match(lines.join(''), /"event":"stop-unrecorded"/);
});

const SILENT = createLogger('silent');
