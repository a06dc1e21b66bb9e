import type { AttackCase } from './case.ts';

const test = 'packages/zrtp/src/zrtp.test.ts';

export const zCases: readonly AttackCase[] = [
  {
    id: 'Z1',
    attackers: ['NET'],
    action: 'chooses its key after it has seen the other one, to search for one with the same short string to compare',
    published: 'bzrtp CVE-2016-6271; Schürmann and others 2017',
    answer:
      'the initiator commits to its key before it sees the other (`commitment-broken`, Error 0x62); no string is shown',
    status: {
      kind: 'tried',
      test,
      mutations: [
        {
          file: 'packages/zrtp/src/responder.ts',
          find: 'if (!equal(this.#algorithms.hash.digest(concat(message, hello)).slice(0, 32), hvi)) {',
          replace: 'if (message.length === 0) {',
        },
      ],
    },
  },
  {
    id: 'Z2',
    attackers: ['NET'],
    action: 'sends 0, 1, p - 1 or a point of low order as its public value, so that the secret is known',
    published: 'RFC 6189 sections 5.1.5 and 5.1.6',
    answer: 'what leads to a known secret is refused in every group (`public-value-refused`, Error 0x61)',
    status: {
      kind: 'tried',
      test,
      mutations: [
        {
          file: 'packages/crypto/src/call-agreements.ts',
          find: "throw badShare('a public value of no use', cause);",
          replace: 'void cause; return new Secret(new Uint8Array(32));',
        },
      ],
    },
  },
  {
    id: 'Z3',
    attackers: ['NET'],
    action: 'takes the strong algorithms out of the list of what an end can do',
    published: 'Bhargavan and others 2016; RFC 6189 section 4.1.1',
    answer:
      'both lists are in the hash that all keys come from, and a later message proves their sender; what is altered is passed over, and the call times out without keys',
    status: {
      kind: 'tried',
      test,
      mutations: [
        {
          file: 'packages/zrtp/src/hash-chain.ts',
          find: 'return equal(nextLink(link), next) && equal(',
          replace: 'return link.length > 0 || equal(nextLink(link), next) && equal(',
        },
        {
          file: 'packages/zrtp/src/outcome.ts',
          find: 'totalHash: algorithms.hash.digest(concat(...messages)) };',
          replace: 'totalHash: algorithms.hash.digest(concat(...messages.slice(1))) };',
        },
        {
          file: 'packages/zrtp/src/responder.ts',
          find: 'if (!equal(this.#algorithms.hash.digest(concat(message, hello)).slice(0, 32), hvi)) {',
          replace: 'if (message.length === 0) {',
        },
      ],
    },
  },
  {
    id: 'Z5',
    attackers: ['NET'],
    action:
      'pretends to have lost the secrets of earlier calls, to have the verification forgotten or the secrets deleted',
    published: 'Gupta and Shmatikov 2007',
    answer:
      'the call is marked as not verified and the mismatch is told; what was kept stays until the two have compared again',
    status: {
      kind: 'tried',
      test,
      mutations: [
        {
          file: 'packages/zrtp/src/stream.ts',
          find: "if (cache !== 'mismatch') this.#emit(",
          replace: 'if (cache.length > 0) this.#emit(',
        },
      ],
    },
  },
  {
    id: 'Z8',
    attackers: ['NET'],
    action: 'alters confirmations, sends a Commit of its own, forges Errors, asks to go on without encryption',
    published: 'RFC 6189 sections 5.9 and 9',
    answer:
      'a confirmation is under keys that only the two have (`confirm-refused`, Error 0x70); a Commit or DHPart of another hash chain is passed over, an Error or a strange Hello is believed when nothing else comes any more; GoClear and SASrelay are refused and change nothing',
    status: {
      kind: 'tried',
      test,
      mutations: [
        {
          file: 'packages/zrtp/src/confirmation.ts',
          find: 'if (!equal(mac, expected)) {',
          replace: 'if (mac.length !== expected.length) {',
        },
      ],
    },
  },
  {
    id: 'Z9',
    attackers: ['NET'],
    action: 'sends packets that are cut off, damaged, or claim more than they have',
    published: 'ZRTPCPP CVE-2013-2221, CVE-2013-2222 and CVE-2013-2223',
    answer:
      'lengths are held against what came before anything is read, and a message is read to its end (`packet-malformed`, `message-malformed`)',
    status: {
      kind: 'tried',
      test,
      mutations: [
        {
          file: 'packages/zrtp/src/packet.ts',
          find: 'if (!equal(crc32c(datagram.subarray(0, end)), datagram.subarray(end))) throw malformed();',
          replace: '',
        },
      ],
    },
  },
  {
    id: 'Z12',
    attackers: ['NET', 'SRV'],
    action:
      'holds a call with each of the two and carries their voices over, so that what they read to each other fits',
    published: 'Petraschek and others 2008',
    answer:
      'the signalling announces the hash of the first message, signed by the device: another end is refused before a string is shown (`hello-hash-mismatch`)',
    status: {
      kind: 'tried',
      test,
      mutations: [
        {
          file: 'packages/zrtp/src/strangeness.ts',
          find: 'if (announced !== undefined && announced.toLowerCase() !== hex(sha256(message))) {',
          replace: 'if (announced !== undefined && message.length === 0) {',
        },
      ],
    },
  },
];
