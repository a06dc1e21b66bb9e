import { auditEntry, defaultPolicy, policy, profileContent, profileStatement, signedPolicy } from '@sotto/protocol';
import * as channel from '../../../packages/protocol/src/channel/messages.ts';
import { linkRequest } from '../../../packages/protocol/src/link.ts';
import { bytes } from '../../../packages/protocol/src/samples.fixture.ts';
import type { Target } from '../target.ts';
import { formatParser, formatParsers } from './samples.ts';

const hash = bytes(32);
const extent = { length: 3, hash };
const at = 1_767_600_000_000;
const device = { kind: 'keybox', name: 'laptop', signing: bytes(64), kem: bytes(48), spki: hash };

/** What goes through the channel and its handshake, and what is kept or published whole. */
export const message: Target = {
  name: 'message',
  sources: [
    ...['message', 'bundle', 'profile', 'audit-log', 'link', 'presence'],
    ...['channel/messages', 'policy/policy', 'policy/fields', 'format'],
  ].map((name) => `packages/protocol/src/${name}.ts`),
  parsers: [
    ...formatParsers('request', 'server message', 'account bundle'),
    formatParser('client-hello', channel.clientHello, [
      { v: 1, nonce: hash, kem: 'x-wing', key: bytes(1216) },
      { v: 1, nonce: hash, kem: 'p-384', key: bytes(97) },
    ]),
    formatParser('server-hello', channel.serverHello, [
      { v: 1, nonce: hash, ciphertext: bytes(97), certificates: [bytes(40), bytes(50)], signature: bytes(64) },
    ]),
    formatParser('authenticate', channel.authenticate, [
      { mode: 'anonymous' },
      { mode: 'device', account: hash, device: hash },
      { mode: 'account', address: 'ann@example.org', ke1: bytes(96), exemption: hash, altcha: 'x' },
    ]),
    formatParser('answer', channel.accountAnswer, [
      { mode: 'account', parameters: { memoryKib: 65_536, passes: 3, parallelism: 1 }, ke2: bytes(320) },
    ]),
    formatParser('refusal', channel.refusal, [
      { error: 'throttled', retryAfterSeconds: 3, challenge: { salt: 'a' } },
      { error: 'device-unknown', retryAfterSeconds: null, challenge: null },
    ]),
    formatParser('link-request', linkRequest, [{ v: 1, address: 'ann@example.org', suite: 2, device, at }]),
    formatParser('policy', policy, [
      { v: 1, suite: 2, domain: 'example.org', version: 1, at, values: defaultPolicy, suspended: [hash] },
    ]),
    formatParser('signed-policy', signedPolicy, [{ signed: bytes(40), signature: bytes(64), publicKey: bytes(32) }]),
    formatParser('profile', profileContent, [{ name: 'Ann', title: '', phone: '+49 30 1', picture: null }]),
    formatParser('profile-statement', profileStatement, [
      {
        v: 1,
        suite: 2,
        account: hash,
        device: hash,
        chain: extent,
        version: 1,
        keyId: hash,
        salt: hash,
        sealed: hash,
        at,
      },
    ]),
    formatParser('audit-entry', auditEntry, [
      { v: 1, n: 0, at, actor: null, event: 'server.started', subject: 'x', detail: { a: 1, b: 'c' }, prev: hash },
    ]),
  ],
};
