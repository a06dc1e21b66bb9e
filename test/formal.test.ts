import { readFileSync } from 'node:fs';
import { assert, describe, test } from 'vitest';
import { checkModels, recordedPage, surprises, verdictsPage } from '../scripts/formal.ts';

describe.skipIf(process.env['SOTTO_WITHOUT_PEERS'] === '1')('models', () => {
  test('hold as specified, and fail where a check is taken out', { timeout: 300_000 }, async () => {
    const verdicts = await checkModels();
    assert.deepEqual(surprises(verdicts), []);
    assert.strictEqual(withoutStates(verdictsPage(verdicts)), withoutStates(readFileSync(recordedPage, 'utf8')));
  });
});

/** How many states there are to see is a matter of Spin's version. */
function withoutStates(page: string): string {
  return page.replaceAll(/\d+ \|$/gm, '|');
}
