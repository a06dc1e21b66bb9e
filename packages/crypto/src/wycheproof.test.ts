import { foreignVectors } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { platforms } from './node/platform.fixture.ts';
import { runWycheproof, type WycheproofFile, wycheproofFiles } from './wycheproof.fixture.ts';

for (const name of wycheproofFiles) {
  const text = foreignVectors(`wycheproof/${name}`);
  describe.skipIf(text === null)(`Wycheproof ${name}`, () => {
    test.each(platforms)('on $name', async (platform) => {
      const report = await runWycheproof(name, JSON.parse(text ?? '') as WycheproofFile, platform);
      assert.deepEqual(report.failures, []);
      assert.isAbove(report.checked, 25);
    });
  });
}
