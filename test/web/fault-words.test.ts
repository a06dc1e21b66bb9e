import { BugFault, UsageFault } from '@sotto/bytes';
import { assert, describe, test } from 'vitest';
import { outcomes } from '../../packages/cli/src/outcomes.ts';
import { codeWords } from '../../packages/web/src/text/fault-words/all.ts';
import { faultWords } from '../../packages/web/src/text/faults.ts';

class Refused extends UsageFault<string> {}

describe('refusals in people’s words', () => {
  test('every code that a command can end with has words of its own, but for calls, and no other', () => {
    const told = Object.keys(outcomes).filter((code) => !OF_CALLS.has(code));
    assert.deepEqual(Object.keys(codeWords).toSorted(), told.toSorted());
    for (const code of OF_CALLS) assert.property(outcomes, code);
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

/** What media and softphones end with: browsers do not call. */
const OF_CALLS: ReadonlySet<string> = new Set([
  'address-unavailable',
  'algorithm-unsupported',
  'answer-contradicts',
  'auxiliary-mismatch',
  'call-declined',
  'call-elsewhere',
  'call-failed',
  'call-occupied',
  'call-unanswered',
  'call-unheard',
  'clear-refused',
  'commitment-broken',
  'confirm-refused',
  'description-malformed',
  'hash-chain-broken',
  'hello-hash-mismatch',
  'key-exhausted',
  'key-too-long',
  'media-silent',
  'media-unprotected',
  'media-unsupported',
  'message-malformed',
  'no-algorithm',
  'no-audio-device',
  'no-such-call',
  'nonce-reused',
  'not-secure',
  'not-sendable',
  'packet-clear',
  'packet-malformed',
  'packet-refused',
  'packet-replayed',
  'peer-gave-up',
  'public-value-refused',
  'relayed-sas-refused',
  'rtcp-malformed',
  'rtp-malformed',
  'shared-secret-missing',
  'sip-uri-malformed',
  'source-equal',
  'stream-malformed',
  'timed-out',
  'too-many-calls',
  'too-many-candidates',
  'too-many-sources',
  'uri-malformed',
  'version-unsupported',
  'wav-malformed',
  'wav-unsupported',
  'zid-equal',
]);
