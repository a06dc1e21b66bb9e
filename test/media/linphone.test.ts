import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { recordWav } from '@sotto/call-node';
import { afterAll, afterEach, assert, beforeAll, describe, test } from 'vitest';
import { strength } from '../../packages/call-node/src/call.fixture.ts';
import { parseWav } from '../../packages/call-node/src/wav.ts';
import { TemporaryFolder } from '../support/folder.ts';
import { HomeServer } from '../support/home-server.ts';
import { type Line, Person, signUp } from '../support/person.ts';
import type { Running } from '../support/program.ts';
import { Linphone, type LinphoneOptions } from './linphone.ts';

const OURS = 880;
const THEIRS = 440;
const isAbsent = process.env['SOTTO_WITHOUT_PEERS'] === '1';

describe.skipIf(isAbsent)('calls with linphonec', () => {
  const folder = new TemporaryFolder();
  const [ours, theirs] = [folder.at('ours.wav'), folder.at('theirs.wav')];
  const alice = new Person({ folder: folder.at('alice'), name: 'alice' });
  let linphone: Linphone | null = null;
  let recordings = 0;

  beforeAll(async () => {
    await Promise.all([writeTone(ours, OURS), writeTone(theirs, THEIRS)]);
    await using server = await HomeServer.start({ data: folder.at('server') });
    await signUp(alice, server.invitation);
  });

  afterEach(async () => {
    await linphone?.quit();
    linphone = null;
  });

  afterAll(() => folder[Symbol.dispose]());

  async function start(options: Partial<LinphoneOptions> = {}): Promise<Linphone> {
    linphone = await Linphone.start({ folder: folder.at(`linphone-${recordings}`), play: theirs, ...options });
    return linphone;
  }

  /** Runs `sotto call` with these words until it ends; what it said, and that it heard the tone of the other end. */
  async function call(words: readonly string[], react: (line: Line) => void, seconds = 3): Promise<readonly Line[]> {
    recordings += 1;
    const heard = folder.at(`heard-${recordings}.wav`);
    const files = ['--play', ours, '--record', heard];
    const running = alice.start(
      'call',
      ...words,
      ...files,
      '--confirm-sas',
      '--seconds',
      String(seconds),
      '--no-input',
    );
    const said = lines(running, react);
    const { code, stderr } = await running.ended;
    assert.strictEqual(code, 0, stderr);
    assert.isAbove(strength(parseWav(readFileSync(heard)).slice(-72_000, -24_000), THEIRS), 0.6);
    return said;
  }

  /** One end calls, the other answers, both show the same string; what our end says of the keys. */
  async function place(other: Linphone, { transport = 'udp', words = [] }: Way = {}): Promise<Line> {
    let shown: Promise<string> | null = null;
    const said = await call(['--sip', `${other.uri};transport=${transport}`, ...words], ({ event }) => {
      if (event === 'ringing') other.type('answer');
      if (event === 'secure') shown = compared(other);
    });
    for (const { event, signalling } of said.slice(0, 3)) assert.strictEqual(signalling, 'unsigned', event);
    const secure = said.find(({ event }) => event === 'secure');
    assert.strictEqual(await shown, secure.sas);
    await other.next(/ended \(/);
    return secure;
  }

  test('over UDP, and then over TCP: the second knows that the first was compared', async () => {
    const other = await start();
    const first = await place(other);
    assert.deepInclude(first, { previouslyVerified: false, continuity: 'none' });
    const second = await place(other, { transport: 'tcp' });
    assert.deepInclude(second, { previouslyVerified: true, continuity: 'matched' });
    assert.match(other.log, /previously verified yes/);
    await checkRecording(other);
  });

  test('with the strongest that both have', async () => {
    const other = await start({ zrtp: STRONGEST });
    const { algorithms, sas } = await place(other, { words: ['--strong'] });
    assert.deepEqual(algorithms, { agreement: 'X448', cipher: 'AES3', hash: 'S384', authTag: 'HS80' });
    assert.match(sas, /^[a-z]+:[a-z]+$/i);
    assert.isTrue((await place(other, { words: ['--strong'] })).previouslyVerified);
    await checkRecording(other);
  });

  test('come to nothing where it would talk in clear, or with keys in the signalling', async () => {
    const files = ['--play', ours, '--record', folder.at('nothing.wav')];
    const waiting = alice.start('call', 'answer', '--sip', '0', '--yes', '--no-input', ...files);
    const { promise, resolve } = Promise.withResolvers<string>();
    const said = lines(waiting, ({ event, softphone }) => void (event === 'waiting' && resolve(softphone)));
    for (const encryption of ['none', 'srtp'] as const) {
      recordings += 1;
      const other = await start({ encryption });
      other.type(`call ${await promise}`);
      await other.next(/ (?:error|ended)\b/);
      await other.quit();
    }
    waiting.child.kill('SIGTERM');
    await waiting.ended;
    const refused = { event: 'refused', code: 'media-unprotected' };
    assert.deepEqual(said.slice(1), [refused, refused]);
  });

  test('that linphonec places, holds and takes up again', async () => {
    const other = await start();
    let shown: Promise<string> | null = null;
    const react = ({ event, softphone, held }: Line): void => {
      if (event === 'waiting') other.type(`call ${softphone}`);
      if (event === 'secure') shown = compared(other);
      if (event === 'audio') void shown?.then(() => other.type('pause 1'));
      if (event === 'held' && held) void other.next(/is now paused/).then(() => other.type('resume 1'));
    };
    const said = await call(['answer', '--sip', '0', '--yes'], react, 5);
    assert.deepEqual(
      said.flatMap(({ held }) => held ?? []),
      [true, false],
    );
    const secure = said.find(({ event }) => event === 'secure');
    assert.strictEqual(await shown, secure.sas);
    await checkRecording(other);
  });
});

/** What a program says, as it says it. */
function lines({ child }: Running, react: (line: Line) => void): readonly Line[] {
  const said: Line[] = [];
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (text) => {
    said.push(JSON.parse(text));
    react(said.at(-1));
  });
  return said;
}

/** The string that it shows; then it is told that the two compared, and shows it again. */
async function compared(other: Linphone): Promise<string> {
  const shown = await other.next(/auth token is (\S+)\.\n/);
  other.type('zrtp-set-verified 1');
  return shown;
}

interface Way {
  readonly transport?: 'udp' | 'tcp';
  readonly words?: readonly string[];
}

/** It ends its file when it ends itself, and its header counts itself as sound: 48 kHz, one channel, from byte 44 on. */
async function checkRecording(other: Linphone): Promise<void> {
  await other.quit();
  const samples = new Int16Array(Uint8Array.from(readFileSync(other.recording).subarray(44)).buffer);
  assert.isAbove(strength(samples.slice(-96_000, -48_000), OURS), 0.6);
}

/** Ten seconds of a tone. */
async function writeTone(path: string, hertz: number): Promise<void> {
  const sink = await recordWav(path);
  for (let i = 0; i < 500; i++)
    sink.write(
      Int16Array.from({ length: 960 }, (_, j) => 8000 * Math.sin((2 * Math.PI * hertz * (i * 960 + j)) / 48_000)),
    );
  await sink.close();
}

const STRONGEST = {
  key_agreements: 'MS_ZRTP_KEY_AGREEMENT_X448',
  cipher: 'MS_ZRTP_CIPHER_AES3',
  hash: 'MS_ZRTP_HASH_S384',
  sas: 'MS_ZRTP_SAS_B256',
  auth: 'MS_ZRTP_AUTHTAG_HS80',
};
