import { nodePrimitives } from '@sotto/crypto/node';
import { assert, test } from 'vitest';
import { generatePassphrase, passphraseScore } from './passphrase-choice.ts';
import { passphraseWords } from './passphrase-words.ts';

test('six words of the list, each as likely as any other', async () => {
  assert.lengthOf(passphraseWords, 6 ** 5);
  assert.strictEqual(new Set(passphraseWords).size, 6 ** 5);
  const draws = [62_208, 65_535, 0, 7775, 7776, 15_551, 1, 2];
  const randomBytes = (): Uint8Array<ArrayBuffer> => {
    const draw = draws.shift() as number;
    return Uint8Array.of(draw >> 8, draw & 0xff);
  };
  const [first, last] = [passphraseWords[0], passphraseWords.at(-1)];
  const expected = [first, last, first, last, passphraseWords[1], passphraseWords[2]].join(' ');
  assert.strictEqual(await generatePassphrase({ randomBytes }), expected);
  const generated = await generatePassphrase(nodePrimitives());
  assert.isTrue(generated.split(' ').every((word) => passphraseWords.includes(word)));
  assert.lengthOf(generated.split(' '), 6);
});

test('the score tells what is guessed from what is not', async () => {
  assert.isBelow(await passphraseScore('Password1!'), 2);
  assert.isBelow(await passphraseScore('aliceexample', ['alice', 'example']), 3);
  assert.strictEqual(await passphraseScore(await generatePassphrase(nodePrimitives())), 4);
});
