import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { assert, test } from 'vitest';
import { TemporaryFolder } from '../support/folder.ts';
import { HomeServer } from '../support/home-server.ts';
import { befriend, type Line, Person, signUp } from '../support/person.ts';
import { UploadTap } from '../support/upload-tap.ts';

/** Size of the file that is sent: SOTTO_BIG_FILE_BYTES, or one that every run can afford. */
const SIZE = Number(process.env['SOTTO_BIG_FILE_BYTES'] ?? 300 * 2 ** 20);

test(
  `a file of ${SIZE} bytes survives kill -9 of client and server both ways, in less than 200 MiB of memory`,
  async () => {
    await using city = await FileCity.start();
    const { ada, bea, tap, server, folder } = city;
    const sent = folder.at('big.bin');
    await writeRandom(sent, SIZE);

    const send = ['file', 'send', bea.address, sent];
    for (const share of [0.1, 0.15]) await city.killClient(ada, send, { direction: 'up', bytes: SIZE * share });
    const waiting = await ada.line('file', 'transfers');
    assert.strictEqual(waiting.kind, 'upload');
    assert.isAbove(waiting.doneBytes, 0);
    // One command that lives through the end of its server, twice.
    const [line] = await city.killServer(ada, send, { direction: 'up', bytes: SIZE * 0.1, times: 2 });
    const { id, state } = line;
    assert.strictEqual(state, 'accepted');
    assert.deepEqual(await ada.lines('file', 'transfers'), []);
    assert.strictEqual(tap.uploads.size, 1);
    assert.isAtMost(tap.moved.up, SIZE * 1.2, 'what was there was not sent again');

    const [file, ...others] = await bea.lines('file', 'list', ada.address);
    assert.deepEqual([file.id, file.name, file.sizeBytes, others.length], [id, 'big.bin', SIZE, 0]);
    const got = folder.at('got', 'big.bin');
    const get = ['file', 'get', ada.address, 'big.bin', '--out', got];
    for (const share of [0.2, 0.2]) {
      await city.killClient(bea, get, { direction: 'down', bytes: SIZE * share });
      assert.isFalse(existsSync(got));
    }
    await city.killServer(bea, get, { direction: 'down', bytes: SIZE * 0.1, times: 2 });
    assert.isAtMost(tap.moved.down, SIZE * 1.3, 'what was there was not fetched again');
    assert.strictEqual(await hashOf(got), await hashOf(sent));
    assert.deepEqual(readdirSync(folder.at('got')), ['big.bin']);
    assert.deepEqual(tap.contradictions, []);

    console.log(
      `peak of memory: clients ${mebibytes(city.peakBytes)} MiB, server ${mebibytes(city.serverPeakBytes())} MiB`,
    );
    assert.isBelow(city.peakBytes, 200 * 2 ** 20);
    assert.isBelow(city.serverPeakBytes(), 200 * 2 ** 20);
    assert.strictEqual(await server.stop(), 0);
  },
  60 * 60_000,
);

test(
  'a file that changes while its upload rests goes again from its start, under another key',
  async () => {
    await using city = await FileCity.start();
    const { ada, bea, tap, folder } = city;
    const size = 24 * 2 ** 20;
    const sent = folder.at('draft.bin');
    await writeRandom(sent, size);
    const send = ['file', 'send', bea.address, sent];
    for (const at of [0, size / 2, 3 * 2 ** 20]) {
      await city.killClient(ada, send, { direction: 'up', bytes: size / 2 });
      await change(sent, at);
    }
    await ada.line(...send);
    const got = folder.at('got', 'draft.bin');
    await bea.line('file', 'get', ada.address, 'draft.bin', '--out', got);
    assert.strictEqual(await hashOf(got), await hashOf(sent));
    assert.isAtLeast(tap.uploads.size, 2);
    assert.deepEqual(tap.contradictions, []);
    assert.lengthOf(await bea.lines('file', 'list', ada.address), 1);
    assert.lengthOf(await ada.lines('file', 'transfers'), 0);
    assert.strictEqual((await bea.json('file', 'get', ada.address, 'draft.bin', '--out', got)).fault, 'file-exists');
  },
  10 * 60_000,
);

interface Moment {
  readonly direction: 'up' | 'down';
  /** That have to move before the kill. */
  readonly bytes: number;
}

/** A server behind a tap, and two people who are contacts. */
class FileCity implements AsyncDisposable {
  readonly folder = new TemporaryFolder();
  readonly ada: Person;
  readonly bea: Person;
  /** Most memory that a command of theirs held. */
  peakBytes = 0;
  #server!: HomeServer;
  #tap!: UploadTap;

  private constructor() {
    this.ada = new Person({ folder: this.folder.at('ada'), name: 'ada' });
    this.bea = new Person({ folder: this.folder.at('bea'), name: 'bea' });
  }

  static async start(): Promise<FileCity> {
    const city = new FileCity();
    city.#server = await HomeServer.start({ data: city.folder.at('server') });
    city.#tap = await UploadTap.start(city.#server.line.url);
    const { ada, bea, tap } = city;
    await signUp(ada, tap.through(city.#server.invitation));
    await signUp(bea, tap.through((await ada.line('invitation', 'create')).url));
    await befriend(ada, bea);
    mkdirSync(city.folder.at('got'));
    return city;
  }

  get server(): HomeServer {
    return this.#server;
  }

  get tap(): UploadTap {
    return this.#tap;
  }

  serverPeakBytes(): number {
    return peakOf(this.#server.pid);
  }

  /** Runs a command and kills it once so much has moved. */
  async killClient(person: Person, words: readonly string[], { direction, bytes }: Moment): Promise<void> {
    const moved = this.tap.after(direction, bytes);
    const running = person.start(...words);
    const early = running.ended.then(({ stderr }) => {
      throw new Error(`it ended before it could be killed: ${stderr}`);
    });
    await Promise.race([moved, early]);
    this.#notePeak(running.child.pid);
    running.child.kill('SIGKILL');
    await early.catch(() => undefined);
  }

  /** Runs a command to its end, and kills and starts the server each time so much has moved. */
  async killServer(
    person: Person,
    words: readonly string[],
    moment: Moment & { times: number },
  ): Promise<readonly Line[]> {
    const running = person.start(...words);
    const watch = setInterval(() => this.#notePeak(running.child.pid), 20);
    for (let i = 0; i < moment.times; i++) {
      await this.tap.after(moment.direction, moment.bytes);
      await this.#server.kill();
      await sleep(300);
      await this.#server.start();
    }
    const { code, stdout, stderr } = await running.ended;
    clearInterval(watch);
    assert.strictEqual(code, 0, stderr);
    return String(stdout)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tap[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }

  #notePeak(pid: number | undefined): void {
    this.peakBytes = Math.max(this.peakBytes, peakOf(pid));
  }
}

/** Most memory that a process has held so far; 0 once it has gone. */
function peakOf(pid: number | undefined): number {
  try {
    const [, kibibytes = '0'] = /^VmHWM:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kibibytes) * 1024;
  } catch {
    return 0;
  }
}

async function writeRandom(path: string, size: number): Promise<void> {
  await using file = await open(path, 'w');
  const block = 2 ** 20;
  for (let at = 0; at < size; at += block) {
    await file.write(crypto.getRandomValues(Buffer.alloc(Math.min(65_536, size - at))), 0, undefined, at);
    await file.write(
      Buffer.alloc(Math.max(0, Math.min(block, size - at) - 65_536), at / block),
      0,
      undefined,
      at + 65_536,
    );
  }
  await file.truncate(size);
}

async function change(path: string, at: number): Promise<void> {
  await using file = await open(path, 'r+');
  await file.write(crypto.getRandomValues(Buffer.alloc(16)), 0, 16, at);
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path)) hash.update(bytes);
  return hash.digest('hex');
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
