import { parseUtf8, utf8 } from '@sotto/bytes';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import type { SipEvent } from './agent/event.ts';
import type { UserAgent } from './agent/user-agent.ts';
import { ALICE, agent, BOB, invite, Line, media, outcome, SDP, uriOf } from './sip.fixture.ts';

const target = uriOf('bob', BOB);
const fates = fc.infiniteStream(fc.constantFrom('pass', 'pass', 'lose', 'double', 'delay'));

describe('a call', () => {
  test('rings, is taken, and ends, with the same media told at both ends', () => {
    const line = new Line();
    call(line);
    line.runUntil(100);
    assert.deepEqual(line.kinds('alice'), ['ringing']);
    assert.deepInclude(line.heard.bob[0], { kind: 'incoming', call: 1, hop: ALICE });
    line.take('bob', line.bob.accept(1, media(BOB, 'b'), line.now));
    line.runUntil(200);
    const expected = { payloadType: 96, direction: 'sendrecv', packetMilliseconds: null } as const;
    assert.deepEqual(line.heard.alice[1], { kind: 'answered', call: 1, media: { ...media(BOB, 'b'), ...expected } });
    assert.deepInclude(line.heard.bob[0], { media: { ...media(ALICE, 'a'), ...expected } });
    assert.deepEqual(line.kinds('bob'), ['incoming', 'confirmed']);
    line.take('alice', line.alice.hangUp(1, line.now));
    line.runUntil(60_000);
    assert.deepEqual(line.kinds('alice').at(-1), 'ended hung-up');
    assert.deepEqual(line.kinds('bob').at(-1), 'ended hung-up');
    assert.isNull(line.alice.nextTickAt ?? line.bob.nextTickAt);
  });

  test.each([
    ['declined', (line: Line) => line.bob.hangUp(1, line.now), 'ended declined'],
    ['refused as busy', (line: Line) => line.bob.refuseAsBusy(1, line.now), 'ended busy'],
  ])('is %s', (_, act, ending) => {
    const line = new Line();
    call(line);
    line.runUntil(100);
    line.take('bob', act(line));
    line.runUntil(60_000);
    assert.deepEqual(line.kinds('alice'), ['ringing', ending]);
  });

  test('is cancelled, by the caller or by the clock', () => {
    for (const [after, ending] of [
      [0, 'ended cancelled'],
      [100, 'ended cancelled'],
      [200_000, 'ended unanswered'],
    ] as const) {
      const line = new Line();
      call(line);
      line.runUntil(after);
      if (after < 200_000) line.take('alice', line.alice.hangUp(1, line.now));
      line.runUntil(300_000);
      assert.strictEqual(line.kinds('alice').at(-1), ending);
      assert.match(line.kinds('bob').at(-1) ?? '', /^ended (?:cancelled|unanswered)$/);
      assert.isNull(line.alice.nextTickAt ?? line.bob.nextTickAt);
    }
  });

  test('that nobody answers ends', () => {
    const line = new Line(() => 'lose');
    call(line);
    line.runUntil(31_999);
    assert.isEmpty(line.heard.alice);
    line.runUntil(32_000);
    assert.deepEqual(line.kinds('alice'), ['ended unanswered']);
  });

  test('ends the same at both ends whatever the network does, and is forgotten', () => {
    fc.assert(
      fc.property(fates, fc.constantFrom('alice', 'bob'), fc.nat(3000), (stream, who, pause) => {
        const line = new Line(() => stream.next().value);
        call(line);
        line.runUntil(4000);
        const isHeard = line.kinds('bob').includes('incoming');
        if (isHeard && !line.kinds('bob').some(isEnded))
          line.take('bob', line.bob.accept(1, media(BOB, 'b'), line.now));
        line.runUntil(4000 + pause);
        if (!line.kinds(who).some(isEnded) && (who === 'alice' || isHeard))
          line.take(who, line[who].hangUp(1, line.now));
        line.runUntil(400_000);
        assert.isTrue(line.kinds('alice').some(isEnded));
        const rang = line.kinds('bob').filter((kind) => kind === 'incoming').length;
        assert.lengthOf(line.kinds('bob').filter(isEnded), rang);
        assert.isNull(line.alice.nextTickAt ?? line.bob.nextTickAt);
      }),
      { numRuns: 200 },
    );
  });
});

const bare = SDP.filter((line) => !line.startsWith('a=zrtp-hash'));
const keys = 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj';
const savp = SDP.map((line) => line.replace('RTP/AVP', 'RTP/SAVP'));

/** Media on our own machine, of somebody who is elsewhere. */
function loopback(family: string, address: string): [string, string[], string] {
  const sdp = SDP.map((line) => line.replace(/^c=.*/, `c=IN ${family} ${address}`));
  return [`an address of this machine, ${address}`, sdp, 'media-unsupported'];
}

describe('an offer that is no good', () => {
  test.each([
    ['no audio', SDP.map((line) => line.replace('m=audio', 'm=video')), 'media-unsupported'],
    ['another codec', SDP.map((line) => line.replace('opus', 'speex')), 'media-unsupported'],
    [
      'a name where an address is wanted',
      SDP.map((line) => line.replace(/^c=.*/, 'c=IN IP4 a.example')),
      'media-unsupported',
    ],
    ...['127.0.0.1', '127.9.9.9'].map((address) => loopback('IP4', address)),
    ...['::1', '0:0:0:0:0:0:0:1', '0000::0001', '::ffff:127.0.0.1', '::FFFF:7f00:1'].map((address) =>
      loopback('IP6', address),
    ),
    ['nothing', [''], 'description-malformed'],
  ])('has %s: 488, and nothing rings', (_, sdp, code) => assert.strictEqual(refused(sdp), code));
});

describe('S3: an end that would have a call without protection', () => {
  test.each([
    ['RTP in clear', bare],
    ['keys in the signalling', [...bare.slice(0, -1), keys, '']],
    ['a profile of such keys', [...savp.slice(0, -1), keys, '']],
    ['a hash that is none', SDP.map((line) => line.replace('hash:1.10 aa', 'hash:1.10 '))],
  ])('attack by an offer of %s: 488, and nothing rings', (_, sdp) =>
    assert.strictEqual(refused(sdp), 'media-unprotected'),
  );

  test.each([
    ['without ZRTP', (text: string) => text.replace(/a=zrtp-hash.*\r\n/, ''), 'media-unprotected'],
    ['with keys in the signalling', (text: string) => text.replace(/a=sendrecv/, keys), 'media-unprotected'],
    ['for another profile', (text: string) => text.replace('RTP/AVP', 'RTP/SAVP'), 'answer-contradicts'],
  ])('attack by an answer %s: the call ends before it begins', (_, change, code) => {
    const [alice, bob] = [agent('alice', ALICE), agent('bob', BOB)];
    const { events } = alice.invite({ target, hop: BOB, media: media(ALICE, 'a'), now: 0 });
    bob.receive(sent(events), ALICE, 0);
    const answer = parseUtf8(sent(bob.accept(1, media(BOB, 'b'), 0)));
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    const changed = `${head.replace(/Content-Length.*/, `Content-Length: ${change(body).length}`)}\r\n\r\n${change(body)}`;
    const came = alice.receive(utf8(changed), BOB, 10);
    assert.deepEqual(came.flatMap(ended), [`refused ${code}`]);
    assert.deepEqual(methods(came), ['ACK', 'BYE']);
  });

  test('attack by an offer of other keys in mid-call: 488, and the call goes on', () => {
    const { bob, again } = talking();
    for (const [i, sdp] of [bare, savp, SDP.map((line) => line.replace('aa', 'bb'))].entries()) {
      const came = again(21 + i, sdp);
      assert.deepEqual(statuses(came), ['488']);
      assert.deepEqual(
        came.map(({ kind }) => kind),
        ['send', 'refused'],
      );
    }
    assert.deepEqual(bob.hangUp(1, 3).flatMap(ended), ['hung-up null']);
  });

  test('control: the same protection in mid-call, on hold', () => {
    const { again } = talking();
    const held = again(30, [...SDP.slice(0, -1), 'a=sendonly', '']);
    assert.deepEqual(statuses(held), ['200']);
    assert.match(parseUtf8(sent(held)), /a=zrtp-hash:1\.10 b{64}\r\n(?:.*\r\n)*a=recvonly/);
    const updated = held.find(({ kind }) => kind === 'updated');
    assert.strictEqual(updated?.kind === 'updated' ? updated.media.direction : null, 'recvonly');
  });
});

describe('a stranger', () => {
  test('cannot have more calls rung than there is room for, and no end of them', () => {
    const bob = agent('bob', BOB);
    const answers = Array.from({ length: 200 }, (_, i) => {
      const text = parseUtf8(invite({ branch: `b${i}` })).replace('one@', `call${i}@`);
      return statuses(bob.receive(utf8(text), ALICE, i))[0];
    });
    assert.deepEqual([...new Set(answers)], ['180', '486']);
    assert.strictEqual(answers.filter((status) => status === '180').length, 4);
  });

  test('who does not know the tags cannot end a call', () => {
    const bob = agent('bob', BOB);
    bob.receive(invite(), ALICE, 0);
    bob.accept(1, media(BOB, 'b'), 0);
    const bye = parseUtf8(invite({ tag: ';tag=guessed', branch: 'bye' })).replaceAll('INVITE', 'BYE');
    assert.deepEqual(statuses(bob.receive(utf8(bye), ALICE, 1)), ['481']);
    assert.strictEqual(
      outcome(() => bob.refuseAsBusy(1, 2)),
      'no-such-call',
    );
    assert.deepEqual(bob.hangUp(1, 3).flatMap(ended), ['hung-up null']);
  });

  test('gets the same answer to the same request, and a second way of it is a loop', () => {
    const bob = agent('bob', BOB);
    const first = bob.receive(invite(), ALICE, 0);
    assert.deepEqual(
      bob.receive(invite(), ALICE, 1),
      first.filter(({ kind }) => kind === 'send'),
    );
    assert.deepEqual(statuses(bob.receive(invite({ branch: 'two' }), ALICE, 2)), ['482']);
  });
});

function call(line: Line): void {
  line.take('alice', line.alice.invite({ target, hop: BOB, media: media(ALICE, 'a'), now: line.now }).events);
}

/** The code with which an offer is refused. */
function refused(sdp: readonly string[]): string | undefined {
  const events = agent('bob', BOB).receive(invite({ sdp }), ALICE, 0);
  assert.deepEqual(statuses(events), ['488']);
  assert.lengthOf(events, 2);
  return events.flatMap((event) => (event.kind === 'refused' ? [event.fault.code] : []))[0];
}

/** Bob in a call, and what he says to another offer of this number in it. */
function talking(): { bob: UserAgent; again: (number: number, sdp: readonly string[]) => readonly SipEvent[] } {
  const bob = agent('bob', BOB);
  const events = [...bob.receive(invite(), ALICE, 0), ...bob.accept(1, media(BOB, 'b'), 0)];
  const tag = /To: .*(;tag=[0-9a-f]+)/.exec(parseUtf8(sent(events)))?.[1] ?? '';
  const ack = parseUtf8(invite({ tag, branch: 'ack' }))
    .replace(/^INVITE/, 'ACK')
    .replace('20 INVITE', '20 ACK');
  assert.deepEqual(
    bob.receive(utf8(ack), ALICE, 1).map(({ kind }) => kind),
    ['confirmed'],
  );
  const again = (number: number, sdp: readonly string[]): readonly SipEvent[] => {
    const text = parseUtf8(invite({ tag, branch: `re${number}`, sdp })).replace('20 INVITE', `${number} INVITE`);
    return bob.receive(utf8(text), ALICE, 2);
  };
  return { bob, again };
}

function isEnded(kind: string): boolean {
  return kind.startsWith('ended');
}

function ended(event: SipEvent): readonly string[] {
  return event.kind === 'ended' ? [`${event.ending.reason} ${event.ending.fault?.code ?? null}`] : [];
}

/** The last message that goes out. */
function sent(events: readonly SipEvent[]): Uint8Array {
  const bytes = events.flatMap((event) => (event.kind === 'send' ? [event.bytes] : [])).at(-1);
  assert.isDefined(bytes);
  return bytes ?? new Uint8Array();
}

/** Of the responses that go out. */
function statuses(events: readonly SipEvent[]): readonly string[] {
  return methods(events).filter((method) => /^[0-9]/.test(method));
}

/** The method or status of each message that goes out. */
function methods(events: readonly SipEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.kind !== 'send') return [];
    const [first = '', second = ''] = parseUtf8(event.bytes).split(' ');
    return [first === 'SIP/2.0' ? second : first];
  });
}
