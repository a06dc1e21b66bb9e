import { concat, hex } from '@sotto/bytes';
import { nodePacketCiphers } from '@sotto/crypto/node';
import { codeOf } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { profiles } from './profile.ts';
import { SrtpReceiver } from './receiver.ts';
import { SrtpSender } from './sender.ts';
import { masterKey, rtcpPacket, rtpPacket } from './srtp.fixture.ts';

const inputs = profiles.map((profile) => ({ ciphers: nodePacketCiphers, profile, master: masterKey(profile) }));

describe('Z13: packets of somebody in between', () => {
  test('attack by packets that come again', async () => {
    for (const input of inputs) {
      using sender = new SrtpSender(input);
      using receiver = new SrtpReceiver(input);
      const [rtp, rtcp] = [sender.protectRtp(rtpPacket({ sequence: 7 })), sender.protectRtcp(rtcpPacket())];
      receiver.unprotectRtp(rtp);
      receiver.unprotectRtcp(rtcp);
      assert.strictEqual(await codeOf(() => receiver.unprotectRtp(rtp)), 'packet-replayed', input.profile.name);
      assert.strictEqual(await codeOf(() => receiver.unprotectRtcp(rtcp)), 'packet-replayed', input.profile.name);
    }
  });

  test('attack by forged numbers that would put the count out of step', async () => {
    for (const input of inputs) {
      using sender = new SrtpSender(input);
      using receiver = new SrtpReceiver(input);
      for (const sequence of [65_000, 65_500]) receiver.unprotectRtp(sender.protectRtp(rtpPacket({ sequence })));
      for (const sequence of [0, 20_000, 32_000, 64_000]) {
        const forged = concat(rtpPacket({ sequence }), new Uint8Array(16));
        assert.isNotNull(await codeOf(() => receiver.unprotectRtp(forged)));
      }
      const jumped = concat(rtcpPacket(), Uint8Array.of(0xff, 0xff, 0xff, 0xff), new Uint8Array(16));
      assert.isNotNull(await codeOf(() => receiver.unprotectRtcp(jumped)));
      const genuine = rtpPacket({ sequence: 65_501 });
      assert.strictEqual(await openedBy(receiver, sender.protectRtp(genuine)), hex(genuine), input.profile.name);
      receiver.unprotectRtcp(sender.protectRtcp(rtcpPacket()));
    }
  });

  test('attack by tags that are shorter, or none', async () => {
    for (const input of inputs) {
      using sender = new SrtpSender(input);
      using receiver = new SrtpReceiver(input);
      const whole = sender.protectRtp(rtpPacket({ sequence: 1 }));
      for (const missing of [1, input.profile.tagBytes - 4, input.profile.tagBytes].filter((count) => count > 0)) {
        const cut = whole.subarray(0, -missing);
        assert.strictEqual(await codeOf(() => receiver.unprotectRtp(cut)), 'packet-refused', input.profile.name);
      }
    }
  });

  test('attack by control packets without encryption', async () => {
    for (const input of inputs) {
      using sender = new SrtpSender(input);
      using receiver = new SrtpReceiver(input);
      const sealed = sender.protectRtcp(rtcpPacket());
      const flag = sealed.length - (input.profile.mode === 'gcm' ? 4 : 14);
      const clear = sealed.map((byte, i) => (i === flag ? byte & 0x7f : byte));
      assert.strictEqual(await codeOf(() => receiver.unprotectRtcp(clear)), 'packet-clear', input.profile.name);
    }
  });

  test('attack on the sender: to have it use a key stream twice', async () => {
    for (const input of inputs) {
      using sender = new SrtpSender(input);
      sender.protectRtp(rtpPacket({ sequence: 9 }));
      const again = rtpPacket({ sequence: 9, payload: new Uint8Array(40) });
      assert.strictEqual(await codeOf(() => sender.protectRtp(again)), 'key-exhausted', input.profile.name);
    }
  });

  test('control: late, out of order, and across a rollover', async () => {
    for (const input of inputs) {
      using sender = new SrtpSender(input);
      using receiver = new SrtpReceiver(input);
      const packets = [65_534, 65_535, 0, 1, 2].map((sequence) => rtpPacket({ sequence }));
      const sealed = packets.map((packet) => sender.protectRtp(packet));
      for (const i of [0, 2, 1, 4, 3])
        assert.strictEqual(await openedBy(receiver, sealed[i] as Uint8Array), hex(packets[i] as Uint8Array));
      for (let i = 0; i < 3; i++) receiver.unprotectRtcp(sender.protectRtcp(rtcpPacket()));
    }
  });
});

async function openedBy(receiver: SrtpReceiver, packet: Uint8Array): Promise<string | null> {
  let opened: string | null = null;
  const code = await codeOf(() => {
    opened = hex(receiver.unprotectRtp(packet));
  });
  return code ?? opened;
}
