import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '@sotto/testing';
import { assert, onTestFinished, test } from 'vitest';
import { FileTarget } from './byte-files.ts';

test('a part that somebody tied to another file is not written to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'part-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'report.pdf');
  const bytes = new TextEncoder().encode('new');
  {
    await using target = new FileTarget(path);
    await target.write(0, bytes);
    const [part] = readdirSync(folder) as [string];
    await target.discard();
    writeFileSync(join(folder, 'mine'), 'precious');
    linkSync(join(folder, 'mine'), join(folder, part));
  }
  await using target = new FileTarget(path);
  assert.strictEqual(await codeOf(() => target.truncate(0)), 'file-unwritable');
  assert.strictEqual(await codeOf(() => target.write(0, bytes)), 'file-unwritable');
  assert.strictEqual(readFileSync(join(folder, 'mine'), 'utf8'), 'precious');
  await target.discard();
  await target.write(0, bytes);
  await target.commit({ replace: false });
  assert.strictEqual(readFileSync(path, 'utf8'), 'new');
});

test('a part that had its name already when the program was killed is gone on with', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'part-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'report.pdf');
  await using target = new FileTarget(path);
  await target.write(0, new TextEncoder().encode('new'));
  linkSync(join(folder, (readdirSync(folder) as [string])[0]), path);
  await using again = new FileTarget(path);
  assert.strictEqual(new TextDecoder().decode(await again.read(0, 3)), 'new');
  await again.commit({ replace: true });
  assert.deepEqual(readdirSync(folder), ['report.pdf']);
  assert.strictEqual(readFileSync(path, 'utf8'), 'new');
});
