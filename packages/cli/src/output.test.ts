import { assert, test } from 'vitest';
import type { World } from './context.ts';
import { openOutput } from './output.ts';

test('a remark that quotes the server cannot drive the terminal', () => {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream;
  const output = openOutput({ stdout: stream, stderr: stream, env: {} } as unknown as World, {
    json: false,
    quiet: false,
  });
  output.note('Not up to date: \u001b]0;title\u0007\u202egone [server-error]');
  assert.deepEqual(written, ['Not up to date: \ufffd]0;title\ufffd\ufffdgone [server-error]\n']);
});
