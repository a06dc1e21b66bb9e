import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, describe, test } from 'vitest';
import { runLine } from './program.fixture.ts';
import { routes } from './routes/index.ts';

describe('the command line', () => {
  test('prints its version', async () => {
    const { exit, stdout } = await runLine(['--version']);
    assert.strictEqual(exit, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  test('names every noun in its help', async () => {
    const { exit, stdout } = await runLine(['--help']);
    assert.strictEqual(exit, 0);
    for (const noun of Object.keys(routes).filter((name) => name !== 'complete'))
      assert.include(stdout, `\n  ${noun} `);
  });

  test('explains a command with examples', async () => {
    const { exit, stdout } = await runLine(['room', 'add', '--help']);
    assert.strictEqual(exit, 0);
    assert.match(stdout, /EXAMPLES\n {2}sotto room add /);
  });

  test('takes words in front of the command', async () => {
    const { exit, stdout } = await runLine(['--json', 'completion', 'bash']);
    assert.strictEqual(exit, 0);
    assert.include(JSON.parse(stdout).script, 'complete -o default -F _sotto sotto');
  });
});

describe('what is no command', () => {
  test.each([
    ['an unknown noun', ['rom', 'list']],
    ['an unknown verb', ['room', 'lst']],
    ['an unknown flag', ['room', 'list', '--all']],
    ['a missing argument', ['room', 'show']],
    ['a missing flag', ['account', 'create', 'alice']],
    ['too many arguments', ['room', 'list', 'ward-3']],
    ['a value out of range', ['invitation', 'create', '--count', '0']],
    ['a role that is none', ['room', 'role', 'ward-3', 'bob@localhost', 'king']],
    ['a shell that is none', ['completion', 'cmd']],
  ])('%s ends with 2 and says so in one line of JSON', async (_, words) => {
    const { exit, stdout, stderr } = await runLine([...words, '--json']);
    assert.strictEqual(exit, 2);
    assert.strictEqual(stdout, '');
    const fault = JSON.parse(stderr);
    assert.deepEqual(Object.keys(fault), ['code', 'message', 'hint']);
    assert.strictEqual(fault.code, 'usage');
  });

  test('is told to people with a sentence that says what to do', async () => {
    const { exit, stderr } = await runLine(['rom', 'list']);
    assert.strictEqual(exit, 2);
    assert.strictEqual(
      stderr,
      'Error: No command registered for `rom`, did you mean `room`? [usage]\nRun the command with --help to see what it takes.\n',
    );
  });
});

describe('without an account', () => {
  const home = mkdtempSync(join(tmpdir(), 'sotto-cli-'));
  const env = { SOTTO_HOME: home, SOTTO_PASSPHRASE_FILE: join(home, 'passphrase') };
  writeFileSync(env.SOTTO_PASSPHRASE_FILE, 'a passphrase of some length\n', { mode: 0o600 });

  test.each([
    ['no-account', 4, ['account', 'show']],
    ['no-account', 4, ['account', 'lock']],
    ['no-account', 4, ['message', 'watch']],
    ['address-malformed', 2, ['contact', 'add', 'böb@localhost']],
    ['usage', 2, ['room', 'create', ' ']],
    ['usage', 2, ['container', 'seal']],
    ['file-unreadable', 2, ['container', 'open', '/no/such/file']],
    ['file-unreadable', 2, ['container', 'seal', '--certificate', '/no/such/file', '--out', '/dev/null']],
    ['invitation-malformed', 2, ['account', 'create', 'alice', '--invitation', 'https://example.org/']],
  ])('%s ends with %i', async (code, exit, words) => {
    const ran = await runLine([...words, '--json'], { env });
    assert.strictEqual(ran.exit, exit, ran.stderr);
    assert.strictEqual(JSON.parse(ran.stderr).code, code);
    assert.strictEqual(ran.stdout, '');
  });
});

test('the schema lists every command with what it takes', async () => {
  const { exit, stdout } = await runLine(['schema', '--json']);
  assert.strictEqual(exit, 0);
  const { commands, codes } = JSON.parse(stdout);
  assert.sameMembers(
    Object.keys(commands),
    Object.keys(routes).filter((name) => name !== 'complete'),
  );
  const send = commands.message.commands.send;
  assert.deepEqual(
    send.arguments.map(({ name, required }: { name: string; required: boolean }) => [name, required]),
    [
      ['ROOM_OR_ADDRESS', true],
      ['TEXT', false],
    ],
  );
  assert.include(
    send.flags.map(({ name }: { name: string }) => name),
    '--passphrase-file',
  );
  assert.deepInclude(
    codes.find(({ code }: { code: string }) => code === 'rollback'),
    { exit: 1 },
  );
});

test('completion proposes commands and flags', async () => {
  const verbs = await runLine(['complete', '--', 'message', 'r']);
  assert.deepEqual(verbs.stdout.match(/^\w+/gm), ['react', 'read']);
  const flags = await runLine(['complete', '--', 'room', 'add', '--ro']);
  assert.match(flags.stdout, /^--role\t/);
});
