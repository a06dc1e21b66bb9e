import { readFileSync } from 'node:fs';
import { assert, test } from 'vitest';
import { picturePaths } from './picture-paths.ts';

const vectors = readFileSync(`${import.meta.dirname}/../../../../../vectors/comparison.json`, 'utf8');
const { words } = JSON.parse(vectors) as { readonly words: readonly [english: string, german: string][] };

test('each picture of the comparison is drawn, and no other', () => {
  assert.deepEqual(
    Object.keys(picturePaths),
    words.map(([english]) => english),
  );
});

test('no two are drawn alike, and all are plain path data', () => {
  const drawn = Object.values(picturePaths).map(({ body, lines, solid }) => [body, lines, solid].join(' '));
  assert.strictEqual(new Set(drawn).size, drawn.length);
  for (const each of drawn) assert.match(each, /^[MmLlHhVvCcSsAaZz0-9 .,-]+$/);
});
