import { BugFault, UsageFault } from '@sotto/bytes';
import { assert, describe, test } from 'vitest';
import { callOutcomes } from '../../packages/cli/src/call-outcomes.ts';
import { outcomes } from '../../packages/cli/src/outcomes.ts';
import { codeWords } from '../../packages/web/src/text/fault-words/all.ts';
import { faultWords } from '../../packages/web/src/text/faults.ts';

class Refused extends UsageFault<string> {}

describe('refusals in people’s words', () => {
  // Browsers do not call.
  test('every code that a command can end with has words of its own, but for calls, and no other', () => {
    const told = Object.keys(outcomes).filter((code) => !Object.hasOwn(callOutcomes, code));
    assert.deepEqual(Object.keys(codeWords).toSorted(), told.toSorted());
  });

  test.each(Object.keys(codeWords))('%s in both languages', (code) => {
    const said = (['en', 'de'] as const).map((language) => faultWords(new Refused(code, ''), language, codeWords));
    for (const { what, safe, advice } of said) {
      assert.match(what, /^\p{Lu}.*[^.]$/u);
      for (const sentence of [safe, advice]) assert.match(sentence, /^\p{Lu}.*[.]$/u);
      // Words of the command line help nobody here.
      assert.notMatch(`${what} ${advice}`, /sotto [a-z]|--|`/);
    }
    assert.notStrictEqual(said[0]?.what, said[1]?.what);
  });

  test('a code that nobody knows is said in the words of whoever is to blame', () => {
    assert.strictEqual(
      faultWords(new Refused('no-such-code', ''), 'en', codeWords).what,
      'That does not work like this',
    );
    assert.strictEqual(faultWords(new BugFault(''), 'en', codeWords).code, 'bug');
    assert.strictEqual(faultWords(new TypeError('x'), 'de', codeWords).what, 'Sotto hat einen Fehler gemacht');
  });
});
