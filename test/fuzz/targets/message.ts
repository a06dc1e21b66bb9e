import { hex, parseUtf8, utf8 } from '@sotto/bytes';
import {
  auditEntry,
  defaultPolicy,
  padSignal,
  policy,
  profileContent,
  profileStatement,
  signedPolicy,
  unpadSignal,
} from '@sotto/protocol';
import { usableCandidates } from '../../../packages/keybox/src/calls/candidates.ts';
import { formatIpAddress, parseIpAddress } from '../../../packages/keybox/src/calls/ip-address.ts';
import * as channel from '../../../packages/protocol/src/channel/messages.ts';
import { linkRequest } from '../../../packages/protocol/src/link.ts';
import { bytes } from '../../../packages/protocol/src/samples.fixture.ts';
import { type Parser, type Target, Violation } from '../target.ts';
import { formatParser, formatParsers } from './samples.ts';

const hash = bytes(32);
const extent = { length: 3, hash };
const at = 1_767_600_000_000;
const device = { kind: 'keybox', name: 'laptop', signing: bytes(64), kem: bytes(48), spki: hash };

/** Beside the format of what is said in calls: its padding, and the addresses in it. */
const signalParsers: readonly Parser[] = [
  {
    name: 'padded-signal',
    shape: 'bytes',
    seeds: [padSignal(bytes(100)), padSignal(bytes(4092)), padSignal(bytes(0))],
    parse: (input) => padSignal(unpadSignal(input)),
  },
  {
    name: 'ip-address',
    shape: 'text',
    seeds: ['127.0.0.1', '2001:db8::1', '::', '::ffff:7f00:1', '1:2:3:4:5:6:7:8', 'fe80::1'].map(utf8),
    parse: (input) => {
      const address = parseIpAddress(parseUtf8(input));
      if (address === null) return null;
      const again = parseIpAddress(formatIpAddress(address));
      if (again === null || hex(again) !== hex(address)) throw new Violation('its text is another address');
      return null;
    },
  },
  {
    name: 'candidate',
    shape: 'bytes',
    seeds: [Uint8Array.of(127, 0, 0, 1), new Uint8Array(16), bytes(16)],
    parse: (input) => {
      if (input.length !== 4 && input.length !== 16) return null;
      for (const { address } of usableCandidates([{ address: input, port: 4000 }], [])) {
        if (/^(0|10|127|169\.254|192\.168|22[4-9]|2[3-5][0-9])\.|^(::|f)/.test(address))
          throw new Violation('inside a house');
      }
      return null;
    },
  },
];

/** What goes through the channel and its handshake, and what is kept or published whole. */
export const message: Target = {
  name: 'message',
  sources: [
    ...['message', 'bundle', 'profile', 'audit-log', 'link', 'presence', 'signal'],
    ...['channel/messages', 'policy/policy', 'policy/fields', 'format'],
  ].map((name) => `packages/protocol/src/${name}.ts`),
  parsers: [
    ...formatParsers('request', 'server message', 'account bundle', 'signal'),
    ...signalParsers,
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
