import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAddress } from '@sotto/protocol';
import { afterAll, assert, describe, test } from 'vitest';
import { openProfile } from './profile.ts';
import { refuses } from './refuses.fixture.ts';

const directory = mkdtempSync(join(tmpdir(), 'sotto-lock-'));
const profile = openProfile(directory);
const address = parseAddress('ada@example.org');

afterAll(() => rmSync(directory, { recursive: true }));

describe('Lx1: two programs that write one vault', () => {
  test('attack within one process', async () => {
    const lock = await profile.lock(address, 0);
    await refuses(profile.lock(address, 60), 'vault-busy');
    const waiting = profile.lock(address);
    lock[Symbol.dispose]();
    (await waiting)[Symbol.dispose]();
  });

  test('attack from another process, until that is killed', async () => {
    const module = JSON.stringify(join(import.meta.dirname, 'lock.ts'));
    const script = `const { waitForLock } = await import(${module});
    globalThis.held = await waitForLock(${JSON.stringify(join(directory, 'locks', address))}, { waitMilliseconds: 0 });
    console.log('held');
    setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const refused = await profile.lock(address, 0).catch((cause) => cause);
    const waiting = profile.lock(address);
    child.kill('SIGKILL');
    (await waiting)[Symbol.dispose]();
    assert.strictEqual(refused.code, 'vault-busy');
  });

  test('control: one after the other', async () => {
    for (let i = 0; i < 2; i++) (await profile.lock(address, 0))[Symbol.dispose]();
  });
});

test('the current account is the chosen one, or the only one', async () => {
  const [alice, bob] = [parseAddress('alice@localhost'), parseAddress('bob@localhost')];
  assert.isNull(profile.current());
  await profile.storage(alice).replace('account', Uint8Array.of(1));
  assert.strictEqual(profile.current(), alice);
  await profile.storage(bob).replace('account', Uint8Array.of(1));
  assert.isNull(profile.current());
  profile.setCurrent(bob);
  assert.strictEqual(openProfile(directory).current(), bob);
  assert.deepEqual(profile.accounts(), [alice, bob]);
});
