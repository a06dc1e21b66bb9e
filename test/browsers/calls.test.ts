import { join } from 'node:path';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { type BrowserPage, browsers, checkInstalled } from './browser.ts';
import { type ServedPage, servePage } from './page.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';

describe.skipIf(withoutPeers).each(browsers)('calls in $name', (browser) => {
  let served: ServedPage;
  let page: BrowserPage;

  beforeAll(async () => {
    checkInstalled(browser);
    const pages = join(import.meta.dirname, 'pages');
    served = await servePage(join(pages, 'calls.entry.ts'), {
      'frames-worker.js': join(pages, 'frames-worker.entry.ts'),
    });
    page = await browser.open(served.url);
  });

  afterAll(async () => {
    await page?.close();
    await served?.[Symbol.asyncDispose]();
  });

  test.each([
    ['S256', 'AES1', 'X255', 'B32'],
    ['S384', 'AES3', 'X448', 'B256'],
  ])('two ends agree by ZRTP: %s %s %s %s', async (hash, cipher, agreement, sasType) => {
    const choices = {
      ...{ hashes: [hash], ciphers: [cipher], authTags: ['HS80'] },
      ...{ agreements: [agreement], sasTypes: [sasType] },
    };
    assert.deepEqual(await page.evaluate(`calls.zrtpPair(${JSON.stringify(choices)})`), []);
  });

  test('sound and pictures are played as soon as both ends have the key', async () => {
    assert.deepEqual(await page.evaluate('calls.framesCall("protected")'), []);
  });

  test('sound and pictures in the clear are not played', async () => {
    assert.deepEqual(await page.evaluate('calls.framesCall("clear")'), []);
  });
});
