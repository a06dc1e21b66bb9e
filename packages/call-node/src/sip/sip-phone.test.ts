import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { utf8 } from '@sotto/bytes';
import { codeOf } from '@sotto/testing';
import { afterEach, assert, describe, test } from 'vitest';
import { parseSipUri, type SipNews, SipPhone } from './sip-phone.ts';

const phones: SipPhone[] = [];
afterEach(async () => void (await Promise.all(phones.splice(0).map((phone) => phone.close()))));

const media = (digit: string) => ({ address: '127.0.0.1', port: 7078, helloHash: `1.10 ${digit.repeat(64)}` });

describe('a phone', () => {
  test.each(['udp', 'tcp'])('calls another over %s, and hangs up', async (transport) => {
    const [alice, bob] = [await open('alice'), await open('bob')];
    const call = await alice.phone.place(
      parseSipUri(`sip:bob@${bob.phone.address};transport=${transport}`),
      media('a'),
    );
    const incoming = await bob.next('incoming');
    assert.strictEqual(incoming.media.helloHash, media('a').helloHash);
    await alice.next('ringing');
    bob.phone.accept(incoming.call, media('b'));
    assert.strictEqual((await alice.next('answered')).media.helloHash, media('b').helloHash);
    await bob.next('confirmed');
    bob.phone.hangUp(incoming.call);
    const { ending } = await alice.next('ended');
    assert.strictEqual(ending.reason, 'hung-up');
    alice.phone.end(call);
  });

  test('says at once what cannot be reached', async () => {
    const { phone } = await open('alice');
    const place = (uri: string) => codeOf(() => phone.place(parseSipUri(uri), media('a')));
    const gone = await SipPhone.open({ user: 'bob', notify: () => undefined });
    await gone.close();
    assert.strictEqual(await place(`sip:bob@${gone.address};transport=tcp`), 'unreachable');
    assert.strictEqual(await place('sip:bob@127.0.0.1;transport=tls'), 'unreachable');
    assert.strictEqual(await place('sip:bob@[::1]'), 'address-unavailable');
    for (const text of ['bob', 'sips:bob@example.org', 'sip:bob@example.org?subject=tea', 'tel:+1'])
      assert.strictEqual(await codeOf(() => parseSipUri(text)), 'sip-uri-malformed', text);
  });

  test('cuts streams that are none, keeps few, and goes on', async () => {
    const bob = await open('bob');
    const port = Number(bob.phone.address.split(':')[1]);
    const garbage = connect(port, '127.0.0.1');
    const cut = new Promise((resolve) => garbage.on('error', () => undefined).once('close', resolve));
    garbage.write(new Uint8Array(100_000).fill(65));
    await cut;
    const idle = Array.from({ length: 40 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    await Promise.all(idle.slice(0, 20).map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    const speaker = connect(port, '127.0.0.1');
    speaker.write(
      utf8(
        [
          'OPTIONS sip:bob@127.0.0.1 SIP/2.0',
          'Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK.1',
          'From: <sip:a@127.0.0.1>;tag=1',
          'To: <sip:bob@127.0.0.1>',
          'Call-ID: 1',
          'CSeq: 1 OPTIONS',
          'Content-Length: 0',
          '',
          '',
        ].join('\r\n'),
      ),
    );
    const [answer] = await once(speaker, 'data');
    assert.match(String(answer), /^SIP\/2\.0 200 OK\r\n/);
    for (const socket of [...idle, speaker]) socket.destroy();
  });
});

interface Listening {
  readonly phone: SipPhone;
  next<Kind extends SipNews['kind']>(kind: Kind): Promise<Extract<SipNews, { kind: Kind }>>;
}

async function open(user: string): Promise<Listening> {
  const heard: SipNews[] = [];
  const phone = await SipPhone.open({ user, notify: (news) => void heard.push(news) });
  phones.push(phone);
  const next = async <Kind extends SipNews['kind']>(kind: Kind): Promise<Extract<SipNews, { kind: Kind }>> => {
    for (;;) {
      const found = heard.find((news) => news.kind === kind);
      if (found !== undefined) return found as Extract<SipNews, { kind: Kind }>;
      await setTimeout(5);
    }
  };
  return { phone, next };
}
