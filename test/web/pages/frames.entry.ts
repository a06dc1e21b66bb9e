import { portablePacketCiphers, Secret } from '@sotto/crypto';
import { cipherSuites, FrameReceiver, FrameSender } from '@sotto/sframe';

/** Milliseconds to seal and open the same frames, by SFrame as calls do it and by WebCrypto alone. */
const frames = {
  sframe(count: number): number {
    const suite = cipherSuites.find(({ name }) => name === 'AES_128_GCM_SHA256_128');
    if (suite === undefined) throw new Error('no such suite');
    const input = { ciphers: portablePacketCiphers, suite, keyId: 5n, baseKey: new Secret(new Uint8Array(16).fill(7)) };
    using sender = new FrameSender(input);
    using receiver = new FrameReceiver();
    receiver.addKey(input);
    const begun = performance.now();
    for (let i = 0; i < count; i++)
      if (receiver.open(sender.seal(FRAME)).plaintext.length !== FRAME.length) throw new Error('not the frame');
    return performance.now() - begun;
  },

  async raw(count: number): Promise<number> {
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, false, ['encrypt', 'decrypt']);
    const begun = performance.now();
    for (let i = 0; i < count; i++) {
      const iv = new Uint8Array(12);
      new DataView(iv.buffer).setUint32(8, i);
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, FRAME);
      await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed);
    }
    return performance.now() - begun;
  },
};

const FRAME = new Uint8Array(1000).fill(3);

Object.assign(globalThis, { frames });
