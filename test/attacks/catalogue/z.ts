import type { AttackCase } from './case.ts';

const test = 'packages/zrtp/src/zrtp.test.ts';
const attacks = 'packages/zrtp/src/attacks.test.ts';

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
    id: 'Z7',
    attackers: ['NET'],
    action: 'sits in between as an exchange and sends another string to compare, or passes for an end',
    published: 'RFC 6189 section 7.3; Schürmann and others 2017',
    answer:
      'SASrelay is refused, told and answered with Error 0x63 (`relayed-sas-refused`), the string stays; an end that says it is an exchange is shown as one; there is no enrolment',
    status: {
      kind: 'tried',
      test: attacks,
      mutations: [
        {
          file: 'packages/zrtp/src/stream.ts',
          find: "this.#refuse(new ZrtpPeerFault('relayed-sas-refused', 'somebody in between wants to show another SAS'));",
          replace: '',
        },
        {
          file: 'packages/zrtp/src/outcome.ts',
          find: 'isMitm: peerIsExchange } = peer.hello;',
          replace: 'signatureCapable: peerIsExchange } = peer.hello;',
        },
      ],
    },
  },
  {
    id: 'Zx1',
    attackers: ['NET'],
    action: 'stands at the other end of a call, passes the talk on as an exchange does, and hears it',
    published: null,
    answer:
      'whoever is in the call is warned as soon as there are keys, however often the two have compared, and programs read `peerIsExchange`; who sets the flag in a Hello that was announced without it is another end (`hello-hash-mismatch`)',
    status: {
      kind: 'tried',
      test: 'test/attacks/z.test.ts',
      mutations: [
        {
          file: 'packages/call-node/src/media-event.ts',
          find: '    peerIsExchange,\n  };',
          replace: '    peerIsExchange: false,\n  };',
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
    id: 'Z10',
    attackers: ['NET'],
    action: 'floods an end with Hellos and Commits of made-up ends, while both begin at once',
    published: 'RFC 6189 sections 4.2 and 4.4.1.1',
    answer:
      'a Hello that was not announced is neither answered nor kept, a Commit that its hash chain does not tie to the Hello costs no key; where both commit the greater value yields to nobody and the lesser always',
    status: {
      kind: 'tried',
      test: attacks,
      mutations: [
        {
          file: 'packages/zrtp/src/strangeness.ts',
          find: 'if (announced !== undefined && announced.toLowerCase() !== hex(sha256(message))) {',
          replace: 'if (announced !== undefined && message.length === 0) {',
        },
        {
          file: 'packages/zrtp/src/stream.ts',
          find: 'if (!isOfPeer(commit.h2, peer) || !equal(commit.zid, peer.hello.zid)) return;',
          replace: 'void isOfPeer;',
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
  {
    id: 'Z13',
    attackers: ['NET'],
    action:
      'sends packets of a call again, forges numbers that put counts out of step, cuts tags off, sends control packets in the clear, has a key stream used twice',
    published: 'RFC 3711 sections 3.3, 9.1 and 9.2',
    answer:
      'each packet opens once, in a window; counts move on with genuine packets alone; tags have the length of the profile; clear control packets are refused (`packet-replayed`, `packet-refused`, `packet-clear`); a sender refuses an index that it used (`key-exhausted`), and two ends with one source number do not begin (Error 0x91)',
    status: {
      kind: 'tried',
      test: 'packages/srtp/src/attacks.test.ts',
      mutations: [
        {
          file: 'packages/srtp/src/receiver.ts',
          find: `    if (!seen.isFresh(index)) throw replayed();
    const opened = this.#rtp.openRtp(packet, headerBytes, { source, index });
    remember(this.#rtpSources, source, seen);
    seen.mark(index);`,
          replace: `    remember(this.#rtpSources, source, seen);
    seen.mark(index);
    const opened = this.#rtp.openRtp(packet, headerBytes, { source, index });`,
        },
        {
          file: 'packages/srtp/src/receiver.ts',
          find: "if (word >>> 31 === 0) throw new SrtpPeerFault('packet-clear', 'a control packet came without encryption');",
          replace: 'void SrtpPeerFault;',
        },
        {
          file: 'packages/srtp/src/transform.ts',
          find: 'check(tag(tagBytes, covered, rollovers(position)), packet.subarray(end));',
          replace: '',
        },
        {
          file: 'packages/srtp/src/sender.ts',
          find: 'if (index > MAX_RTP_INDEX || !sent.isFresh(index)) throw exhausted();',
          replace: 'if (index > MAX_RTP_INDEX) throw exhausted();',
        },
      ],
    },
  },
];
