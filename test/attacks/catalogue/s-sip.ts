import type { AttackCase } from './case.ts';

/** Of the signalling with foreign softphones, which is not ours to sign. */
export const sipCases: readonly AttackCase[] = [
  {
    id: 'S3',
    attackers: ['SRV', 'NET'],
    action: 'takes ZRTP out of an offer or an answer, puts keys of its own into it, or asks for other keys in mid-call',
    published: 'Schürmann and others 2017; RFC 6189 section 8',
    answer:
      'no media are agreed on but those that announce ZRTP (`media-unprotected`, status 488); there is no path without it, and none with keys in the signalling',
    status: {
      kind: 'tried',
      test: 'packages/sip/src/user-agent.test.ts',
      mutations: [
        {
          file: 'packages/sip/src/session/media.ts',
          find: 'wanted.find((one) => one.protocol === PROFILE && helloHashOf(one) !== null);',
          replace: 'wanted[0];',
        },
        {
          file: 'packages/sip/src/session/media.ts',
          find: "if (helloHash === null) throw unprotected('no ZRTP');",
          replace: 'if (helloHash === undefined) return null;',
        },
        {
          file: 'packages/sip/src/session/media.ts',
          find: ' || media.protocol !== PROFILE)',
          replace: ')',
        },
        {
          file: 'packages/sip/src/session/media.ts',
          find: "if (media.attributes.some(({ name }) => name === 'crypto'))",
          replace: 'if (media.attributes.length < 0)',
        },
        {
          file: 'packages/sip/src/agent/talk.ts',
          find: 'if (media.helloHash !== this.#options.remote.helloHash || ',
          replace: 'if (',
        },
      ],
    },
  },
  {
    id: 'S7',
    attackers: ['SRV', 'NET'],
    action: 'sends messages whose lengths lie, whose fields contradict each other, or whose head does not end',
    published: 'RFC 4475',
    answer:
      'a message is taken when everything that decides where it belongs is there once and sound, else it is answered 400 or dropped; all 49 messages of RFC 4475 get what it says',
    status: {
      kind: 'tried',
      test: 'packages/sip/src/torture.test.ts',
      mutations: [
        {
          file: 'packages/sip/src/syntax/message.ts',
          find: 'if (!/^[0-9]{1,10}$/.test(value) || Number(value) > rest.length) throw',
          replace: 'if (value.length < 0) throw',
        },
        {
          file: 'packages/sip/src/syntax/field.ts',
          find: 'if (SINGLE.has(name) && seen.has(name)) throw',
          replace: 'if (name.length < 0) throw',
        },
        {
          file: 'packages/sip/src/syntax/message.ts',
          find: 'if (end === null || end > MAX_HEAD_BYTES) throw',
          replace: 'if (end === null) throw',
        },
      ],
    },
  },
];
