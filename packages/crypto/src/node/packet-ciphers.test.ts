import { createHmac } from 'node:crypto';
import { concat, hex } from '@sotto/bytes';
import { codeOf } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import type { PacketHash } from '../packet-ciphers.ts';
import { portablePacketCiphers } from '../portable-packet-ciphers.ts';
import { Secret } from '../secret.ts';
import { nodePacketCiphers } from './packet-ciphers.ts';

const platforms = [
  ['node', nodePacketCiphers],
  ['portable', portablePacketCiphers],
] as const;

test('AES in counter mode is the same everywhere, short or long, and where the counter overflows', () => {
  for (const keyBytes of [16, 32]) {
    for (const last of [0, 0x1234, 0xffff_fff0, 0xffff_ffff]) {
      using key = new Secret(counting(keyBytes));
      const counter = concat(counting(12), Uint8Array.of(last >>> 24, last >>> 16, last >>> 8, last));
      for (const length of [0, 1, 15, 16, 17, 80, 2047, 2048, 2049, 5000]) {
        const [ours, other] = platforms.map(([, ciphers]) => {
          const data = counting(length);
          ciphers.aesCtr(key, counter, data);
          return hex(data);
        });
        assert.strictEqual(ours, other, `${keyBytes} ${last} ${length}`);
      }
    }
  }
});

describe.each(platforms)('%s', (_name, ciphers) => {
  test('HMAC is the one of the platform, whatever the lengths of key and message', () => {
    for (const hash of Object.keys(NAMES) as PacketHash[]) {
      for (const keyBytes of [1, 20, 63, 64, 65, 200]) {
        using key = new Secret(counting(keyBytes));
        // Shorter ones after longer ones: nothing of one message may be left for the next.
        for (const length of [96, 2044, 2045, 5000, 0, 96, 20]) {
          const parts = [counting(length), Uint8Array.of(1, 2, 3, 4)];
          const expected = createHmac(NAMES[hash], counting(keyBytes)).update(concat(...parts));
          assert.strictEqual(hex(ciphers.hmac(hash, key, ...parts)), expected.digest('hex'), `${hash} ${length}`);
        }
      }
    }
  });

  test('AES-GCM opens what it sealed, and writes nothing of what is not genuine', async () => {
    using key = new Secret(counting(16));
    const [nonce, aad, plaintext] = [counting(12), counting(7), counting(50)];
    const sealed = new Uint8Array(66);
    ciphers.aesGcm.seal(key, { nonce, aad, plaintext }, sealed);
    const opened = new Uint8Array(50);
    for (const changed of [{ sealed: sealed.with(60, 1) }, { aad: counting(8) }, { nonce: nonce.with(11, 99) }]) {
      const input = { nonce, aad, sealed, ...changed };
      assert.strictEqual(await codeOf(() => ciphers.aesGcm.open(key, input, opened)), 'open-failed');
      assert.deepEqual(opened, new Uint8Array(50));
    }
    ciphers.aesGcm.open(key, { nonce, aad, sealed }, opened);
    assert.deepEqual(opened, plaintext);
  });

  test('no cipher outlives its key', async () => {
    const key = new Secret(counting(16));
    const data = new Uint8Array(16);
    ciphers.aesCtr(key, data, data);
    ciphers.hmac('SHA-1', key, data);
    key.dispose();
    for (const use of [() => ciphers.aesCtr(key, data, data), () => ciphers.hmac('SHA-1', key, data)])
      assert.strictEqual(await codeOf(use), 'bug');
  });
});

function counting(length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, i) => i);
}

const NAMES: Readonly<Record<PacketHash, string>> = {
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};
