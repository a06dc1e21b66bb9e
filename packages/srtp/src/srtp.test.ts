import { concat, equal, hex, parseHex } from '@sotto/bytes';
import { portablePacketCiphers, Secret } from '@sotto/crypto';
import { nodePacketCiphers } from '@sotto/crypto/node';
import { codeOf } from '@sotto/testing';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { PacketIndex } from './packet-index.ts';
import { profiles } from './profile.ts';
import { SrtpReceiver } from './receiver.ts';
import { SrtpSender } from './sender.ts';
import { deriveSessionKeys } from './session-keys.ts';
import { masterKey, profileOf, rtcpPacket, rtpPacket } from './srtp.fixture.ts';

describe('RFC 3711 appendix B', () => {
  test('B.2: the key stream of AES in counter mode', () => {
    const key = new Secret(parseHex('2b7e151628aed2a6abf7158809cf4f3c'));
    const counter = parseHex('f0f1f2f3f4f5f6f7f8f9fafbfcfd0000');
    for (const ciphers of [nodePacketCiphers, portablePacketCiphers]) {
      const stream = new Uint8Array(48);
      ciphers.aesCtr(key, counter, stream);
      assert.strictEqual(
        hex(stream),
        'e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0',
      );
    }
  });

  test('B.3: session keys', () => {
    const master = {
      key: new Secret(parseHex('e1f97a0d3e018be0d64fa32c06de4139')),
      salt: new Secret(parseHex('0ec675ad498afeebb6960b3aabe6')),
    };
    const profile = profileOf('AES_CM_128_HMAC_SHA1_80');
    const keys = deriveSessionKeys(nodePacketCiphers, profile, { master, use: 'rtp' });
    assert.strictEqual(hex(keys.cipherKey.unsafeExpose('vector')), 'c61e7a93744f39ee10734afe3ff7a087');
    assert.strictEqual(hex(keys.salt.unsafeExpose('vector')), '30cbbc08863d8c85d49db34a9ae1');
    assert.strictEqual(hex(keys.authKey.unsafeExpose('vector')), 'cebe321f6ff7716b6fd4ab49af256a156d38baa4');
  });
});

describe.each(profiles)('$name', (profile) => {
  const input = { ciphers: nodePacketCiphers, profile, master: masterKey(profile) };

  test('what was protected opens once, late and out of order, across a rollover', async () => {
    using sender = new SrtpSender(input);
    using receiver = new SrtpReceiver(input);
    const packets = Array.from({ length: 300 }, (_, i) => rtpPacket({ sequence: (65_400 + i) % 65_536 }));
    const sealed = packets.map((packet) => sender.protectRtp(packet));
    for (let i = 0; i < sealed.length; i += 2) {
      for (const n of [i + 1, i]) {
        assert.strictEqual(hex(receiver.unprotectRtp(sealed[n] as Uint8Array)), hex(packets[n] as Uint8Array));
        assert.strictEqual(await codeOf(() => receiver.unprotectRtp(sealed[n] as Uint8Array)), 'packet-replayed');
      }
    }
    assert.strictEqual(await codeOf(() => receiver.unprotectRtp(sealed[3] as Uint8Array)), 'packet-replayed');
  });

  test('no bit may be other than it was, and no byte missing', async () => {
    using sender = new SrtpSender(input);
    using receiver = new SrtpReceiver(input);
    const rtp = sender.protectRtp(rtpPacket({ sequence: 7 }));
    const rtcp = sender.protectRtcp(rtcpPacket());
    const openings = [
      [rtp, (packet: Uint8Array) => receiver.unprotectRtp(packet)],
      [rtcp, (packet: Uint8Array) => receiver.unprotectRtcp(packet)],
    ] as const;
    for (const [packet, open] of openings) {
      for (let i = 0; i < packet.length; i++) {
        const altered = Uint8Array.from(packet);
        altered[i] = (altered[i] as number) ^ 0x80;
        assert.isNotNull(await codeOf(() => open(altered)), `byte ${i}`);
        assert.isNotNull(await codeOf(() => open(packet.subarray(0, i))), `cut at ${i}`);
      }
      open(packet);
    }
  });

  test('control packets open once, and never in the clear', async () => {
    using sender = new SrtpSender(input);
    using receiver = new SrtpReceiver(input);
    const first = sender.protectRtcp(rtcpPacket());
    assert.strictEqual(hex(receiver.unprotectRtcp(first)), hex(rtcpPacket()));
    assert.strictEqual(await codeOf(() => receiver.unprotectRtcp(first)), 'packet-replayed');
    const clear = concat(rtcpPacket(), new Uint8Array(profile.mode === 'gcm' ? 20 : 14));
    assert.strictEqual(await codeOf(() => receiver.unprotectRtcp(clear)), 'packet-clear');
  });

  test('no key stream is used twice, and a key of another length is none', async () => {
    using sender = new SrtpSender(input);
    sender.protectRtp(rtpPacket({ sequence: 1 }));
    assert.strictEqual(await codeOf(() => sender.protectRtp(rtpPacket({ sequence: 1 }))), 'key-exhausted');
    const master = { ...input.master, salt: new Secret(new Uint8Array(13)) };
    assert.strictEqual(await codeOf(() => new SrtpSender({ ...input, master })), 'key-malformed');
  });

  test('forged sources take no place', async () => {
    using sender = new SrtpSender(input);
    using receiver = new SrtpReceiver(input);
    for (let source = 0; source < 1000; source++) {
      const forged = concat(rtpPacket({ sequence: 1, source }), new Uint8Array(16));
      assert.strictEqual(await codeOf(() => receiver.unprotectRtp(forged)), 'packet-refused');
    }
    for (let source = 0; source < 16; source++)
      receiver.unprotectRtp(sender.protectRtp(rtpPacket({ sequence: 1, source })));
    assert.strictEqual(
      await codeOf(() => sender.protectRtp(rtpPacket({ sequence: 1, source: 16 }))),
      'too-many-sources',
    );
  });
});

test.each(['', '80', `40${'00'.repeat(20)}`, `9f${'00'.repeat(20)}`, `90${'00'.repeat(13)}ffff`])(
  '%s is no RTP packet',
  async (text) => {
    const [profile] = profiles;
    assert.isDefined(profile);
    using sender = new SrtpSender({ ciphers: nodePacketCiphers, profile, master: masterKey(profile) });
    assert.strictEqual(await codeOf(() => sender.protectRtp(parseHex(text))), 'packet-malformed');
  },
);

test('both platforms protect alike', () => {
  for (const profile of profiles) {
    const master = masterKey(profile);
    const [node, portable] = [nodePacketCiphers, portablePacketCiphers].map((ciphers) =>
      new SrtpSender({ ciphers, profile, master }).protectRtp(rtpPacket({ sequence: 1 })),
    );
    assert.isTrue(equal(node as Uint8Array, portable as Uint8Array), profile.name);
  }
});

test('the index of a packet is the nearest one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300_000 }), fc.integer({ min: -30_000, max: 30_000 }), (last, distance) => {
      const packets = new PacketIndex();
      packets.mark(last);
      const index = last + distance;
      if (index >= 0) assert.strictEqual(packets.estimate(index % 65_536), index);
    }),
  );
});
