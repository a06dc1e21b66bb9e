import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSipUri, recordWav, type SipNews, SipPhone, zrtpChoices } from '@sotto/call-node';
import { afterAll, afterEach, assert, beforeAll, describe, test } from 'vitest';
import { Caller, Memory, strength } from '../../packages/call-node/src/call.fixture.ts';
import { hasLinphone, Linphone, type LinphoneOptions } from './linphone.ts';

const OURS = 880;
const THEIRS = 440;
const isAbsent = process.env['SOTTO_WITHOUT_PEERS'] === '1' || !hasLinphone;

describe.skipIf(isAbsent)('SIP with linphonec', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-linphone-'));
  const play = join(folder, 'theirs.wav');
  let linphone: Linphone | null = null;

  beforeAll(() => writeTone(play, THEIRS));
  afterEach(async () => {
    await linphone?.quit();
    linphone = null;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const start = async (options: Partial<LinphoneOptions> = {}): Promise<Linphone> => {
    linphone = await Linphone.start({ folder: mkdtempSync(join(folder, 'home-')), play, ...options });
    return linphone;
  };

  test('a call over UDP, and one over TCP that knows of it', async () => {
    const theirs = await start();
    const own = { secrets: new Memory(), zid: new Uint8Array(12).fill(7) };
    const first = await talk(theirs, await place(theirs, '', own));
    assert.deepInclude(first, { previouslyVerified: false, continuity: 'none' });
    const second = await talk(theirs, await place(theirs, ';transport=tcp', own));
    assert.deepInclude(second, { previouslyVerified: true, continuity: 'matched' });
    assert.match(theirs.log, /previously verified yes/);
    await checkRecording(theirs);
  });

  test('a call with the strongest that both have', async () => {
    const theirs = await start({ zrtp: STRONGEST });
    const { algorithms, sas } = await talk(
      theirs,
      await place(theirs, '', { secrets: new Memory(), choices: zrtpChoices.strongest }),
    );
    assert.deepEqual(algorithms, { agreement: 'X448', cipher: 'AES3', hash: 'S384', authTag: 'HS80' });
    assert.match(sas, /^[a-z]+:[a-z]+$/i);
  });

  test('a call of linphonec', async () => {
    const theirs = await start();
    const caller = await Caller.open(OURS);
    const [local] = caller.session.candidates;
    assert.isDefined(local);
    const phone = await SipPhone.open({
      user: 'sotto',
      notify(news) {
        if (news.kind !== 'incoming') return;
        connect(caller, news.media);
        phone.accept(news.call, { address: '127.0.0.1', port: local?.port ?? 0, helloHash: caller.session.helloHash });
      },
    });
    theirs.type(`call sip:sotto@${phone.address}`);
    await talk(theirs, { caller, phone });
    await checkRecording(theirs);
  });
});

interface Ends {
  readonly caller: Caller;
  readonly phone: SipPhone;
}

async function place(theirs: Linphone, parameters: string, options: Parameters<typeof Caller.open>[1]): Promise<Ends> {
  const caller = await Caller.open(OURS, options);
  const [local] = caller.session.candidates;
  const notify = (news: SipNews): void => {
    if (news.kind === 'ringing') theirs.type('answer');
    if (news.kind === 'answered') connect(caller, news.media);
  };
  const phone = await SipPhone.open({ user: 'sotto', notify });
  await phone.place(parseSipUri(`${theirs.uri}${parameters}`), {
    address: '127.0.0.1',
    port: local?.port ?? 0,
    helloHash: caller.session.helloHash,
  });
  return { caller, phone };
}

function connect({ session }: Caller, { helloHash: zrtpHash, ...media }: SipMedia): void {
  const candidates = [{ address: media.address, port: media.port }];
  session.connect({ candidates, zrtpHash, auxiliary: null, payloadType: media.payloadType });
}

type SipMedia = Extract<SipNews, { readonly kind: 'answered' }>['media'];

/** Until both have heard each other and compared; what our end says of the keys. */
async function talk(theirs: Linphone, { caller, phone }: Ends): Promise<SecureNews> {
  const secure = await caller.until('secure');
  assert.strictEqual(await theirs.next(/auth token is (\S+)\.\n/), secure.sas);
  await new Promise((resolve) => setTimeout(resolve, 2500));
  theirs.type('zrtp-set-verified 1');
  await caller.session.confirmSas();
  phone.hangUp(1);
  await theirs.next(/ended \(/);
  await caller.session.close();
  await phone.close();
  assert.isAbove(strength(caller.tape.samples.slice(-48_000), THEIRS), 0.6);
  return secure;
}

/** It ends its file when it ends itself, and its header counts itself as sound: 48 kHz, one channel, from byte 44 on. */
async function checkRecording(theirs: Linphone): Promise<void> {
  await theirs.quit();
  const samples = new Int16Array(Uint8Array.from(readFileSync(theirs.recording).subarray(44)).buffer);
  assert.isAbove(strength(samples.slice(-96_000, -48_000), OURS), 0.6);
}

type SecureNews = Awaited<ReturnType<typeof Caller.prototype.until<'secure'>>>;

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
