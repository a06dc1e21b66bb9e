import { hex, parseHex, utf8 } from '@sotto/bytes';
import { codeOf } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { Secret } from './secret.ts';
import { proveVrf, verifyVrf, vrfPublicKey } from './vrf.ts';

/** RFC 9381 appendix B.3, examples 16 to 18: secret key, public key, alpha, pi, beta. */
const examples = [
  {
    secretKey: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    alpha: '',
    pi: '8657106690b5526245a92b003bb079ccd1a92130477671f6fc01ad16f26f723f26f8a57ccaed74ee1b190bed1f479d9727d2d0f9b005a6e456a35d4fb0daab1268a1b0db10836d9826a528ca76567805',
    beta: '90cf1df3b703cce59e2a35b925d411164068269d7b2d29f3301c03dd757876ff66b71dda49d2de59d03450451af026798e8f81cd2e333de5cdf4f3e140fdd8ae',
  },
  {
    secretKey: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    alpha: '72',
    pi: 'f3141cd382dc42909d19ec5110469e4feae18300e94f304590abdced48aed5933bf0864a62558b3ed7f2fea45c92a465301b3bbf5e3e54ddf2d935be3b67926da3ef39226bbc355bdc9850112c8f4b02',
    beta: 'eb4440665d3891d668e7e0fcaf587f1b4bd7fbfe99d0eb2211ccec90496310eb5e33821bc613efb94db5e5b54c70a848a0bef4553a41befc57663b56373a5031',
  },
  {
    secretKey: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    alpha: 'af82',
    pi: '9bc0f79119cc5604bf02d23b4caede71393cedfbb191434dd016d30177ccbf8096bb474e53895c362d8628ee9f9ea3c0e52c7a5c691b6c18c9979866568add7a2d41b00b05081ed0f58ee5e31b3a970e',
    beta: '645427e5d00c62a23fb703732fa5d892940935942101e456ecca7bb217c61c452118fec1219202a0edcf038bb6373241578be7217ba85a2687f7a0310b2df19f',
  },
];

describe('the verifiable random function', () => {
  test.each(examples)('computes the example of RFC 9381 with alpha "$alpha"', (example) => {
    const secretKey = new Secret(parseHex(example.secretKey));
    const { output, proof } = proveVrf(secretKey, parseHex(example.alpha));
    assert.strictEqual(hex(vrfPublicKey(secretKey)), example.publicKey);
    assert.strictEqual(hex(proof), example.pi);
    assert.strictEqual(hex(output), example.beta);
    const verified = verifyVrf(parseHex(example.publicKey), parseHex(example.alpha), parseHex(example.pi));
    assert.strictEqual(hex(verified), example.beta);
  });

  test('refuses every changed byte of a proof, other inputs and other keys', async () => {
    const secretKey = new Secret(new Uint8Array(32).fill(7));
    const publicKey = vrfPublicKey(secretKey);
    const input = utf8('alpha@example.org');
    const { proof } = proveVrf(secretKey, input);
    for (let i = 0; i < proof.length; i++) {
      const changed = proof.map((byte, at) => (at === i ? byte ^ 1 : byte));
      assert.strictEqual(await codeOf(() => verifyVrf(publicKey, input, changed)), 'bad-signature', `byte ${i}`);
    }
    const other = vrfPublicKey(new Secret(new Uint8Array(32).fill(8)));
    assert.strictEqual(await codeOf(() => verifyVrf(publicKey, utf8('beta@example.org'), proof)), 'bad-signature');
    assert.strictEqual(await codeOf(() => verifyVrf(other, input, proof)), 'bad-signature');
    assert.strictEqual(await codeOf(() => verifyVrf(publicKey, input, proof.subarray(1))), 'bad-signature');
  });

  test('refuses a second spelling of a proof: s at or above the order', async () => {
    const secretKey = new Secret(new Uint8Array(32).fill(7));
    const input = utf8('alpha@example.org');
    const { proof } = proveVrf(secretKey, input);
    const order = parseHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
    const again = Uint8Array.from(proof);
    let carry = 0;
    for (const [i, byte] of order.entries()) {
      const sum = (again[48 + i] as number) + byte + carry;
      again[48 + i] = sum & 0xff;
      carry = sum >> 8;
    }
    assert.strictEqual(carry, 0);
    assert.strictEqual(await codeOf(() => verifyVrf(vrfPublicKey(secretKey), input, again)), 'bad-signature');
  });

  test('refuses public keys under which everything would hold', async () => {
    const { proof } = proveVrf(new Secret(new Uint8Array(32).fill(7)), utf8('x'));
    const identity = new Uint8Array(32);
    identity[0] = 1;
    const smallOrder = parseHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
    for (const key of [identity, smallOrder, new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(31)]) {
      assert.strictEqual(await codeOf(() => verifyVrf(key, utf8('x'), proof)), 'key-malformed', hex(key));
    }
  });
});
