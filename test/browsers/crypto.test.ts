import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foreignVectors } from '@sotto/testing';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { ownVectorFiles } from '../../packages/crypto/src/own-vectors.fixture.ts';
import { wycheproofFiles } from '../../packages/crypto/src/wycheproof.fixture.ts';
import { type BrowserPage, browsers, checkInstalled } from './browser.ts';
import { type ServedPage, servePage } from './page.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';
const foreign = wycheproofFiles.map((name) => ({ name, text: foreignVectors(`wycheproof/${name}`) }));

describe.skipIf(withoutPeers).each(browsers)('crypto in $name', (browser) => {
  let served: ServedPage;
  let page: BrowserPage;

  beforeAll(async () => {
    checkInstalled(browser);
    served = await servePage(join(import.meta.dirname, 'crypto.entry.ts'));
    page = await browser.open(served.url);
  });

  afterAll(async () => {
    await page?.close();
    await served?.[Symbol.asyncDispose]();
  });

  const run = async (method: string, ...inputs: readonly (string | number)[]) => {
    const failures = await page.evaluate(`selfTest.${method}(${inputs.map((input) => JSON.stringify(input)).join()})`);
    assert.deepEqual(failures, []);
  };

  test.each(ownVectorFiles)('our vectors %s', (name) => run('ownVectors', name, ownText(name)));

  test('OPAQUE makes the bytes of opaque.json', () => run('opaque', ownText('opaque.json')));

  test('Ed25519 and X25519 are its own', () => run('curves'));

  test('every suite seals, signs and keeps user keys', () => run('suites'));

  test('STREAM carries 3 MiB and a byte', () => run('stream', 3 * 1024 * 1024 + 1));

  for (const { name, text } of foreign) {
    test.skipIf(text === null)(`Wycheproof ${name}`, () => run('wycheproof', name, text ?? ''));
  }
});

function ownText(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../vectors', name), 'utf8');
}
