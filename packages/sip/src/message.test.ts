import { utf8 } from '@sotto/bytes';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { type Connection, encodeDescription, parseDescription } from './session/description.ts';
import { invite, outcome, SDP } from './sip.fixture.ts';
import { isHost } from './syntax/host.ts';
import { encodeMessage, type Message, parseMessage } from './syntax/message.ts';
import { encodeUri, parseUri, type SipUri } from './syntax/uri.ts';

const token = fc.stringMatching(/^[A-Za-z0-9.!%*_+`'~-]{1,12}$/);
const host = fc.constantFrom('example.org', '192.0.2.1', '[2001:db8::1]', 'a.b-c.example.');
const port = fc.option(fc.integer({ min: 1, max: 65_535 }));
const values = fc.option(fc.oneof(token, fc.constant('"a \\" b"'), fc.constant('2001:db8::1')));
const named = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<{ name: string; value: Value }[]> =>
  fc.uniqueArray(fc.record({ name: token.map((name) => name.toLowerCase()), value }), {
    selector: ({ name }) => name,
    maxLength: 3,
  });
const uri: fc.Arbitrary<SipUri> = fc
  .record({
    ...{ scheme: fc.constantFrom('sip', 'sips'), host, port },
    user: fc.option(fc.stringMatching(/^(?:[A-Za-z0-9&=+$,;?/_.!~*'()-]|%4[0-9a-f]){1,12}$/)),
    password: fc.option(fc.stringMatching(/^[A-Za-z0-9&=+$,]{0,5}$/)),
    parameters: named(fc.option(fc.stringMatching(/^[a-z0-9[\]/:&+$]{1,5}$/))).map((list) =>
      list.filter(({ name }) => !/[%`^]/.test(name)),
    ),
    headers: fc.option(fc.stringMatching(/^[a-z]{1,5}=[a-z0-9/?:]{0,5}$/)),
  })
  .map(({ user, password, ...rest }) => ({ ...rest, user, password: user === null ? null : password }) as SipUri);
const nameAddress = fc.record({
  displayName: fc.string({ unit: 'grapheme', maxLength: 12 }).filter((name) => !/[\r\n]/.test(name)),
  uri,
  parameters: named(values),
});
const message: fc.Arbitrary<Message> = fc
  .record({
    start: fc.oneof(
      fc.record({
        kind: fc.constant('request' as const),
        method: token,
        uri: uri.map((u) => ({ ...u, headers: null })),
      }),
      fc.record({
        kind: fc.constant('response' as const),
        status: fc.integer({ min: 100, max: 699 }),
        reason: fc.stringMatching(/^[ -~äд]{0,20}$/),
      }),
    ),
    vias: fc.array(
      fc.record({
        ...{ version: fc.constant('SIP/2.0'), transport: fc.constantFrom('UDP', 'TCP'), host, port },
        parameters: named(values),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    ...{ maxForwards: fc.option(fc.nat(255)), from: nameAddress, to: nameAddress },
    callId: fc.stringMatching(/^[A-Za-z0-9.()<>:"/[\]?{}-]{1,9}(?:@[a-z.]{1,9})?$/),
    cseq: fc.record({ number: fc.nat(2 ** 31 - 1), method: token }),
    ...{ contacts: fc.array(nameAddress, { maxLength: 2 }), routes: fc.array(nameAddress, { maxLength: 2 }) },
    recordRoutes: fc.array(nameAddress, { maxLength: 2 }),
    contentType: fc.option(fc.constant('application/sdp')),
    fields: fc
      .array(
        fc.record({
          name: fc.constantFrom('X-Tea', 'Allow', 'Warning'),
          value: fc.stringMatching(/^(?:[!-~](?:[ -~]{0,9}[!-~])?)?$/),
        }),
        { maxLength: 3 },
      )
      .map((list) => list.map((field) => ({ ...field, value: field.value.replaceAll('\\', '') }))),
    body: fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
  })
  .map((one) => ({
    ...one,
    cseq: one.start.kind === 'request' ? { ...one.cseq, method: one.start.method } : one.cseq,
  }));

describe('a message', () => {
  test('is taken as it was written', () => {
    fc.assert(
      fc.property(message, (one) => assert.deepEqual(parseMessage(encodeMessage(one)), one)),
      { numRuns: 500 },
    );
  });

  test('that nobody would take is not written', () => {
    const sound = parseMessage(invite());
    for (const bad of [
      { ...sound, callId: 'a b' },
      { ...sound, vias: [] },
      { ...sound, from: { ...sound.from, displayName: 'a\r\nRoute: <sip:192.0.2.9>' } },
      { ...sound, fields: [{ name: 'Subject', value: 'tea\r\nVia: SIP/2.0/UDP 192.0.2.9' }] },
      { ...sound, fields: [{ name: 'Call-ID', value: 'another' }] },
      { ...sound, cseq: { number: -1, method: 'INVITE' } },
    ])
      assert.strictEqual(
        outcome(() => encodeMessage(bad)),
        'not-sendable',
      );
  });
});

describe('a URI', () => {
  test('is taken as it was written', () => {
    fc.assert(fc.property(uri, (one) => assert.deepEqual(parseUri(encodeUri(one)), one)));
  });

  test.each([
    ['sip:', 'sip:@example.org', 'sip:a b@example.org', 'sip:a@exa mple.org', 'sip:a@example.org:0', 'sip:a@-b.org'],
    ['sip:a@b:99999', 'sip:a%4@b.org', 'sip:a@b.org;x;x', 'sip:a@b.org?', 'sip:a@[::g]', 'sip:a@1.2.3', 'tea'],
  ])('is refused where it is none', (...bad) => {
    for (const text of bad)
      assert.strictEqual(
        outcome(() => parseUri(text)),
        'uri-malformed',
        text,
      );
  });

  test('has a host of RFC 3261', () => {
    const good = ['[::]', '[::1]', '[1::]', '[1:2:3:4:5:6:7:8]', '[::ffff:192.0.2.1]', '1.2.3.4', 'a', 'a.b1'];
    const bad = ['[:::]', '[1:2:3:4:5:6:7:8:9]', '[1::2::3]', '1.2.3.256', '01.2.3.4', 'a..b', 'a-', '[1.2.3.4]', ''];
    assert.deepEqual(
      good.filter((text) => !isHost(text)),
      [],
    );
    assert.deepEqual(bad.filter(isHost), []);
  });
});

describe('a session description', () => {
  const connection: fc.Arbitrary<Connection> = fc.constantFrom(
    { family: 'IP4', address: '192.0.2.1' },
    { family: 'IP6', address: '2001:db8::1' },
  );
  const attributes = fc.array(
    fc.record({ name: fc.stringMatching(/^[a-z-]{1,9}$/), value: fc.option(fc.stringMatching(/^[ -~]{0,12}$/)) }),
    { maxLength: 4 },
  );
  const media = fc.record({
    ...{
      media: fc.constantFrom('audio', 'video'),
      port: fc.nat(65_535),
      protocol: fc.constantFrom('RTP/AVP', 'RTP/SAVP'),
    },
    ...{ formats: fc.array(fc.stringMatching(/^[0-9]{1,3}$/), { minLength: 1, maxLength: 3 }), attributes },
    connection: fc.option(connection),
    others: fc.constantFrom([], [{ type: 'b', value: 'AS:64' }]),
  });

  test('is taken as it was written', () => {
    const whole = fc.record({
      origin: connection.map((where) => ({ username: '-', sessionId: '1', version: '2', ...where })),
      ...{ name: fc.stringMatching(/^[ -~]{1,9}$/), connection: fc.option(connection), attributes },
      others: fc.constant([
        { type: 'i', value: 'tea' },
        { type: 't', value: '0 0' },
        { type: 'r', value: '7d 1h 0' },
        { type: 't', value: '1 2' },
      ]),
      media: fc.array(media, { maxLength: 3 }),
    });
    fc.assert(fc.property(whole, (one) => assert.deepEqual(parseDescription(encodeDescription(one)), one)));
  });

  test('cut off or out of order it is refused', () => {
    const text = SDP.join('\r\n');
    const ends = [...text.matchAll(/\r\n/g)].map(({ index }) => index + 2).filter((end) => end > text.indexOf('t='));
    for (let length = 0; length < text.length; length++) {
      if (!ends.includes(length))
        assert.strictEqual(
          outcome(() => parseDescription(utf8(text.slice(0, length)))),
          'description-malformed',
        );
    }
    for (let i = 0; i + 1 < SDP.length; i++) {
      const twice = [...SDP.slice(0, i), SDP[i], ...SDP.slice(i)].join('\r\n');
      if (!/^[atm]/.test(SDP[i] ?? ''))
        assert.strictEqual(
          outcome(() => parseDescription(utf8(twice))),
          'description-malformed',
          SDP[i],
        );
    }
  });
});
