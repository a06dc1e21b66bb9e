import type { AttackCase } from './case.ts';

export const wCases: readonly AttackCase[] = [
  {
    id: 'W1',
    attackers: ['SRV'],
    action: 'serves one user another program than everybody else, or an altered file of it',
    published: 'the delivery of code that every web client rests on',
    answer:
      'the manifest is signed under a key that the service worker pins, each file is compared with it, and what does not fit is refused and shown (`asset-altered`, `manifest-forged`, `release-older`); what a server can still do at the very first visit stands in docs/threats.md. The worker itself is tried in browsers by `test/web/release.test.ts`',
    status: {
      kind: 'tried',
      test: 'packages/protocol/src/web-release.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/web-release.ts',
          find: 'if (signature === undefined || others.length > 0 || !(await ed25519.verify(release.key, message, signature))) {',
          replace: 'if (signature === undefined || others.length > 0 || message.length === 0) {',
        },
        {
          file: 'packages/protocol/src/web-release.ts',
          find: 'return bytes.length === size && equal(sha256(bytes), hash);',
          replace: 'return bytes.length >= 0 || equal(sha256(bytes), hash) || size === 0;',
        },
      ],
    },
  },
  {
    id: 'W2',
    attackers: ['WEB'],
    action:
      'a page of another site, or one with the origin `null`, opens a WebSocket to the server from the browser of a user',
    published: 'cross-site WebSocket hijacking, 2013',
    answer:
      'only pages of the own origin open a channel (`origin-refused`, 403), on the native listener none at all; there are no cookies, whoever comes proves itself inside the channel',
    status: {
      kind: 'tried',
      test: 'packages/server/src/listeners/upgrade.test.ts',
      mutations: [
        {
          file: 'packages/server/src/listeners/upgrade.ts',
          find: "if (headers.origin !== undefined && !origins.has(headers.origin.toLowerCase())) return 'origin-refused';",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'W3',
    attackers: ['WEB'],
    action: 'frames the client to have its user press what they do not see, posts forms to it, or reads its answers',
    published: 'clickjacking, cross-site requests (OWASP)',
    answer:
      'no page frames it, nothing takes forms, no answer may be read by other origins, and there are no cookies to ride on',
    status: {
      kind: 'tried',
      test: 'packages/server/src/web/web.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/web-headers.ts',
          find: `"frame-ancestors 'none'",`,
          replace: `"frame-ancestors *",`,
        },
      ],
    },
  },
  {
    id: 'W6',
    attackers: ['NET'],
    action:
      'floods of fragments, messages longer than a frame or than anything a handshake says, text, compressed frames that swell, headers without end',
    published: 'ws CVE-2024-37890; permessage-deflate bombs',
    answer:
      'each has a bound that is checked before anything is kept, compression is never agreed on, and only that connection ends (Node refuses thousands of header lines by itself; 1002, 1003, 1008, 1009, 431)',
    status: {
      kind: 'tried',
      test: 'packages/server/src/listeners/upgrade.test.ts',
      mutations: [
        {
          file: 'packages/server/src/listeners/upgrade.ts',
          find: `perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    maxFragments: MAX_FRAGMENTS,`,
          replace: 'perMessageDeflate: true,',
        },
        {
          file: 'packages/server/src/sessions/carrier.ts',
          find: `if (!isBinary) this.#refuse(1003);
      else if (this.#handshaking && bytes.length > MAX_HANDSHAKE_MESSAGE_BYTES && !this.#isAhead()) this.#refuse(1009);
      else this.#take(`,
          replace: 'this.#take(',
        },
        {
          file: 'packages/server/src/limits.ts',
          find: 'MAX_HEADER_BYTES: number = 8 * 1024',
          replace: 'MAX_HEADER_BYTES: number = 8 * 1024 * 1024',
        },
      ],
    },
  },
];
