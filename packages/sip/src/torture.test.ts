import { parseUtf8 } from '@sotto/bytes';
import { foreignBytes } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import type { SipEvent } from './agent/event.ts';
import { ALICE, agent, BOB, invite, lines, outcome } from './sip.fixture.ts';
import { MessageFramer } from './syntax/framing.ts';
import { encodeMessage, parseMessage } from './syntax/message.ts';

/** What each message of RFC 4475 gets: the status of our answer, 'dropped', or 'rings'. The codes are of the parser. */
const TORTURE: readonly (readonly [section: string, name: string, code: string, answer: string])[] = [
  ['3.1.1.1', 'wsinv', 'taken', '481'],
  ['3.1.1.2', 'intmeth', 'taken', '405'],
  ['3.1.1.3', 'esc01', 'taken', '488'],
  ['3.1.1.4', 'escnull', 'taken', '405'],
  ['3.1.1.5', 'esc02', 'taken', '405'],
  ['3.1.1.6', 'lwsdisp', 'taken', '200'],
  ['3.1.1.7', 'longreq', 'taken', '488'],
  ['3.1.1.8', 'dblreq', 'taken', '405'],
  ['3.1.1.9', 'semiuri', 'taken', '200'],
  ['3.1.1.10', 'transports', 'taken', '200'],
  ['3.1.1.11', 'mpart01', 'taken', '405'],
  ['3.1.1.12', 'unreason', 'taken', 'dropped'],
  ['3.1.1.13', 'noreason', 'taken', 'dropped'],
  ['3.1.2.1', 'badinv01', 'message-malformed', 'dropped'],
  ['3.1.2.2', 'clerr', 'message-malformed', '400'],
  ['3.1.2.3', 'ncl', 'message-malformed', '400'],
  ['3.1.2.4', 'scalar02', 'message-malformed', 'dropped'],
  ['3.1.2.5', 'scalarlg', 'message-malformed', 'dropped'],
  ['3.1.2.6', 'quotbal', 'message-malformed', 'dropped'],
  ['3.1.2.7', 'ltgtruri', 'uri-malformed', '400'],
  ['3.1.2.8', 'lwsruri', 'message-malformed', '400'],
  ['3.1.2.9', 'lwsstart', 'message-malformed', '400'],
  ['3.1.2.10', 'trws', 'message-malformed', '400'],
  ['3.1.2.11', 'escruri', 'message-malformed', '400'],
  ['3.1.2.12', 'baddate', 'taken', '488'],
  ['3.1.2.13', 'regbadct', 'message-malformed', '400'],
  ['3.1.2.14', 'badaspec', 'message-malformed', 'dropped'],
  ['3.1.2.15', 'baddn', 'message-malformed', 'dropped'],
  ['3.1.2.16', 'badvers', 'version-unsupported', '505'],
  ['3.1.2.17', 'mismatch01', 'message-malformed', '400'],
  ['3.1.2.18', 'mismatch02', 'message-malformed', '400'],
  ['3.1.2.19', 'bigcode', 'message-malformed', 'dropped'],
  ['3.2.1', 'badbranch', 'taken', '200'],
  ['3.3.1', 'insuf', 'message-malformed', 'dropped'],
  ['3.3.2', 'unkscm', 'taken', '416'],
  ['3.3.3', 'novelsc', 'taken', '416'],
  ['3.3.4', 'unksm2', 'taken', '405'],
  ['3.3.5', 'bext01', 'taken', '420'],
  ['3.3.6', 'invut', 'taken', '415'],
  ['3.3.7', 'regaut01', 'taken', '405'],
  ['3.3.8', 'multi01', 'message-malformed', '400'],
  ['3.3.9', 'mcl01', 'message-malformed', '400'],
  ['3.3.10', 'bcast', 'taken', 'dropped'],
  ['3.3.11', 'zeromf', 'taken', '200'],
  ['3.3.12', 'cparam01', 'taken', '405'],
  ['3.3.13', 'cparam02', 'taken', '405'],
  ['3.3.14', 'regescrt', 'taken', '405'],
  ['3.3.15', 'sdp01', 'taken', '406'],
  ['3.4.1', 'inv2543', 'taken', '488'],
];

const isAbsent = foreignBytes('sip-torture/wsinv.dat') === null;

describe.skipIf(isAbsent)('the messages of RFC 4475', () => {
  test('are 49', () => assert.strictEqual(new Set(TORTURE.map(([, name]) => name)).size, 49));

  test.each(TORTURE)('%s %s: %s, %s', (_, name, code, answer) => {
    const bytes = foreignBytes(`sip-torture/${name}.dat`) ?? new Uint8Array();
    assert.strictEqual(
      outcome(() => parseMessage(bytes)),
      code,
    );
    assert.strictEqual(answered(bytes), answer);
    if (code === 'taken') assert.deepEqual(parseMessage(encodeMessage(parseMessage(bytes))), parseMessage(bytes));
  });
});

describe('messages made to break a parser', () => {
  test.each([
    ['a fold before the first field', withLine('Via', ' Via: SIP/2.0/UDP 192.0.2.1'), 'dropped'],
    ['no line ends', lines('INVITE sip:bob@192.0.2.2 SIP/2.0'), 'dropped'],
    ['half a line end', withLine('Max-Forwards', 'Max-Forwards: 70\nRoute: <sip:192.0.2.9>'), '400'],
    ['a header of a megabyte', invite({ fields: [`X: ${'x'.repeat(1024 * 1024)}`] }), '400'],
    ['a thousand fields', invite({ fields: Array.from({ length: 1000 }, () => 'X: y') }), '400'],
    ['two hundred Vias', invite({ fields: Array.from({ length: 200 }, () => 'v: SIP/2.0/UDP a.example') }), '400'],
    ['nothing', lines(''), 'dropped'],
  ])('%s', (_, bytes, answer) => assert.strictEqual(answered(bytes), answer));

  test('cut off anywhere it does not ring', () => {
    const whole = invite();
    for (let length = 0; length < whole.length; length++)
      assert.notStrictEqual(answered(whole.subarray(0, length)), 'rings', `${length} bytes`);
  });

  test('a stream gives the same messages however it is cut, and ends where there is no length', () => {
    const [one, two] = [invite(), invite({ branch: 'two' })];
    const stream = Uint8Array.from([...one, 13, 10, 13, 10, ...two]);
    for (const step of [1, 7, 500, stream.length]) {
      const framer = new MessageFramer();
      const found = [];
      for (let at = 0; at < stream.length; at += step) found.push(...framer.push(stream.subarray(at, at + step)));
      assert.deepEqual(found.map(parseUtf8), [one, two].map(parseUtf8));
    }
    const unbounded = new Uint8Array(20_000).fill(65);
    for (const bad of [withLine('Content-Length', 'X: y'), invite({ fields: ['l: 5'] }), unbounded])
      assert.strictEqual(
        outcome(() => new MessageFramer().push(bad)),
        'stream-malformed',
      );
  });
});

describe('S7: a message that means different things to different ends', () => {
  test('attack by a length that is not true', () => {
    const body = 'v=0';
    assert.strictEqual(answered(withLine('Content-Length', 'Content-Length: 9999')), '400');
    assert.strictEqual(answered(withLine('Content-Length', `Content-Length: ${'9'.repeat(400)}`)), '400');
    assert.strictEqual(answered(withLine('Content-Length', `Content-Length: -${body.length}`)), '400');
  });

  test('attack by two lengths, two senders, two numbers', () => {
    for (const field of ['l: 3', 'f: <sip:mallory@192.0.2.9>;tag=m', 'CSeq: 21 INVITE'])
      assert.strictEqual(answered(invite({ fields: [field] })), '400');
  });

  test('attack by a head without end', () => {
    assert.strictEqual(answered(invite({ fields: [`X: ${'x'.repeat(20_000)}`] })), '400');
  });

  test('control: what is unusual and sound rings', () => {
    assert.strictEqual(answered(invite()), 'rings');
    assert.strictEqual(answered(invite({ fields: ['X: y', ...Array.from({ length: 2000 }, () => ' y')] })), 'rings');
    assert.strictEqual(
      answered(withLine('Via', 'v :\tSIP / 2.0/UDP\r\n  192.0.2.1 ; rport; branch=z9hG4bK.1')),
      'rings',
    );
  });
});

/** What a stranger who sends this to Bob gets. */
function answered(bytes: Uint8Array): string {
  const events = agent('bob', BOB).receive(bytes, ALICE, 0);
  if (events.some(({ kind }) => kind === 'incoming')) return 'rings';
  const [status] = events.flatMap(statusOf);
  return status ?? 'dropped';
}

function statusOf(event: SipEvent): readonly string[] {
  if (event.kind !== 'send') return [];
  return [/^SIP\/2\.0 ([0-9]{3})/.exec(parseUtf8(event.bytes))?.[1] ?? 'a request'];
}

function withLine(name: string, line: string): Uint8Array {
  const text = parseUtf8(invite());
  return lines(...text.split('\r\n').map((old) => (old.startsWith(name) ? line : old)));
}
