import { pbkdf2Sync } from 'node:crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { assert, describe, test } from 'vitest';
import { solveChallenge } from './proof-of-work.ts';
import { refusalOf } from './vault.fixture.ts';

const primitives = nodePrimitives();
const parameters = {
  algorithm: 'PBKDF2/SHA-256',
  nonce: '000102030405060708090a0b0c0d0e0f',
  salt: '101112131415161718191a1b1c1d1e1f',
  cost: 20,
  keyLength: 32,
  keyPrefix: '00',
  data: { subject: 'who', until: 1 },
};

describe('a proof of work', () => {
  test('finds the counter whose key has the prefix, and sends the challenge back whole', async () => {
    const challenge = { parameters, signature: 'signed' };
    const answer = JSON.parse(
      Buffer.from(await solveChallenge(primitives, JSON.stringify(challenge)), 'base64').toString(),
    );
    assert.deepEqual(answer.challenge, challenge);
    const { counter, derivedKey } = answer.solution;
    const password = Buffer.alloc(20);
    password.write(parameters.nonce, 'hex');
    password.writeUInt32BE(counter, 16);
    const key = pbkdf2Sync(password, Buffer.from(parameters.salt, 'hex'), 20, 32, 'sha256');
    assert.strictEqual(derivedKey, key.toString('hex'));
    assert.isTrue(derivedKey.startsWith('00'));
  });

  test.each([
    ['no JSON', 'x'],
    ['another algorithm', JSON.stringify({ parameters: { ...parameters, algorithm: 'SHA-256' } })],
    ['more work than anybody should do', JSON.stringify({ parameters: { ...parameters, cost: 1e9 } })],
    ['a prefix that takes for ever', JSON.stringify({ parameters: { ...parameters, keyPrefix: '0000' } })],
  ])('%s is refused', async (_name, text) => {
    assert.strictEqual(await refusalOf(solveChallenge(primitives, text)), 'answer-malformed');
  });
});
