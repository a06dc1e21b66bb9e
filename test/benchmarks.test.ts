import { readFileSync } from 'node:fs';
import { assert, describe, test } from 'vitest';
import { type Figure, isReached, timesBetter } from '../bench/support/bench.ts';
import { pagesOf, path, readResults } from '../bench/support/results.ts';
import { inTurns } from '../bench/support/turns.ts';

describe('the page of benchmarks', () => {
  test('says what was measured, and nothing by hand', () => {
    const pages = pagesOf(readResults());
    for (const [ending, text] of Object.entries(pages)) {
      assert.strictEqual(readFileSync(path(ending), 'utf8'), text, `docs/benchmarks.${ending}`);
    }
  });

  test('counts a bound as reached by what was measured alone', () => {
    const faster = figure({ better: 'less', ours: 2, theirs: 5 });
    assert.strictEqual(timesBetter(faster), 2.5);
    assert.isTrue(isReached({ ...faster, asked: { timesBetter: 2.5 } }));
    assert.isFalse(isReached({ ...faster, asked: { timesBetter: 2.6 } }));
    assert.isFalse(isReached({ ...faster, better: 'more', asked: { timesBetter: 1 } }));
    assert.isTrue(isReached({ ...faster, asked: { timesAsMuch: 0.4 } }));
    assert.isFalse(isReached({ ...faster, asked: { atMost: 1.9 } }));
    assert.isNull(isReached({ ...faster, theirs: null, asked: { timesBetter: 1 } }));
  });
});

test('contenders take turns', async () => {
  const turns: string[] = [];
  const enter = (name: string) => (count: number) => void turns.push(`${name}${count}`);
  await inTurns({ a: enter('a'), b: enter('b') }, { rounds: 2, count: 3 });
  assert.deepEqual(turns, ['a3', 'b3', 'a3', 'b3', 'a3', 'b3']);
});

function figure({
  better,
  ours,
  theirs,
}: {
  readonly better: Figure['better'];
  readonly ours: number;
  readonly theirs: number;
}): Figure {
  return {
    what: 'a thing',
    against: 'a peer',
    ours: { value: ours, unit: 'ms' },
    theirs: { value: theirs, unit: 'ms' },
    better,
    asked: null,
  };
}
