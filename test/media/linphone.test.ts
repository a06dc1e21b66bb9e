import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSipUri, playWav, recordWav, type SipNews, SipPhone, zrtpChoices } from '@sotto/call-node';
import { afterAll, afterEach, assert, beforeAll, describe, test } from 'vitest';
import { Caller, Memory, strength } from '../../packages/call-node/src/call.fixture.ts';
import { parseWav } from '../../packages/call-node/src/wav.ts';
import { hasLinphone, Linphone, type LinphoneOptions } from './linphone.ts';

const OURS = 880;
const THEIRS = 440;
const isAbsent = process.env['SOTTO_WITHOUT_PEERS'] === '1' || !hasLinphone;

describe.skipIf(isAbsent)('SIP with linphonec', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-linphone-'));
  const play = join(folder, 'theirs.wav');
  let phone: Linphone | null = null;

  beforeAll(() => writeTone(play, THEIRS));
  afterEach(async () => {
    await phone?.quit();
    phone = null;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const start = async (options: Partial<LinphoneOptions> = {}): Promise<Linphone> => {
    phone = await Linphone.start({ folder: mkdtempSync(join(folder, 'home-')), play, ...options });
    return phone;
  };
});

/** Three seconds of a tone. */
async function writeTone(path: string, hertz: number): Promise<void> {
  const sink = await recordWav(path);
  for (let i = 0; i < 150; i++)
    sink.write(
      Int16Array.from({ length: 960 }, (_, j) => 8000 * Math.sin((2 * Math.PI * hertz * (i * 960 + j)) / 48_000)),
    );
  await sink.close();
}
