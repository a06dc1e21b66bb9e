import { readFileSync } from 'node:fs';
import { assert, test } from 'vitest';
import { TemporaryFolder } from '../support/folder.ts';
import { paste, section, shellBlocks } from '../support/guide.ts';
import { root, startProgram } from '../support/program.ts';

test('the walk-through of the README works as printed', async () => {
  using folder = new TemporaryFolder();
  const page = section(readFileSync(`${root}README.md`, 'utf8'), '## A walk through');
  // Its folder is this test's, so that nothing of somebody who tries it by hand is touched.
  const [prelude = '', ...blocks] = shellBlocks(page.replaceAll('/tmp/walk', folder.at('walk')));
  assert.strictEqual(blocks.length, 6);
  await using server = new Server(folder);
  await server.start();
  const invitation = /--invitation '([^']+)'/.exec(server.text)?.[1] ?? '';
  assert.match(invitation, /^http:\/\/127\.0\.0\.1:[0-9]+\/i\//);
  const [signUp = '', contacts = '', talk = '', offline = '', file = '', behind = ''] = blocks;
  const step = (block: string): Promise<string> => paste(prelude, block, 0);

  const signedUp = await step(signUp.replace('PASTE THE INVITATION HERE', invitation));
  for (const name of ['alice', 'bob']) assert.match(signedUp, new RegExp(`^Address +${name}@localhost$`, 'm'));

  assert.match(await step(contacts), /bob@localhost/);

  const talked = await step(talk);
  const [, forBob = '', forAlice = ''] = talked.split('The results of bed 12 are in.');
  assert.include(forAlice, 'On my way.');
  assert.notInclude(forBob, 'queued');

  const [before = '', after = ''] = offline.split(/^# npm start.*\n/m);
  await server.stop();
  assert.match(await paste(prelude, before, 6), /outbox/);
  await server.start();
  const delivered = await step(after);
  assert.strictEqual(delivered.split('Sent while the server was down.').length, 3);

  assert.include(await step(file), 'discharge.txt');

  const looked = await step(behind);
  for (const part of ['keys', 'contacts', 'history', 'keystore', 'device.p12']) {
    assert.match(looked, new RegExp(`^${part} +yes`, 'm'));
  }
  assert.match(looked, /bob@localhost is a contact now/);
  assert.match(looked, /^ok +/m);
  assert.notMatch(looked, /FAILED/);
});

/** `npm start`, as the first terminal runs it. */
class Server implements AsyncDisposable {
  readonly #folder: TemporaryFolder;
  #running: ReturnType<typeof startProgram> | null = null;

  constructor(folder: TemporaryFolder) {
    this.#folder = folder;
  }

  get text(): string {
    return this.#running?.stdout().toString() ?? '';
  }

  async start(): Promise<void> {
    const env = { SOTTO_DATA: this.#folder.at('server'), SOTTO_LISTEN: '127.0.0.1:0', TMPDIR: this.#folder.path };
    this.#running = startProgram(`${root}bin/up`, ['start'], { env });
    while (!this.text.includes('Ctrl-C stops the server.')) {
      if (this.#running.child.exitCode !== null) throw new Error((await this.#running.ended).stderr);
      await new Promise((resolve) => this.#running?.child.stdout?.once('data', resolve));
    }
  }

  async stop(): Promise<void> {
    this.#running?.child.kill('SIGINT');
    assert.strictEqual((await this.#running?.ended)?.code, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#running?.child.kill('SIGKILL');
    await this.#running?.ended;
  }
}
