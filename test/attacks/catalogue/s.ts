import type { AttackCase } from './case.ts';

const test = 'packages/keybox/src/calls/attacks.test.ts';

export const sCases: readonly AttackCase[] = [
  {
    id: 'S1',
    attackers: ['CON'],
    action: 'makes the other end send before its person has answered, by messages out of order or made up',
    published: 'Project Zero, The State of State Machines, 2021; CVE-2019-17191',
    answer:
      'the state of a call is a machine that is explicit and model-checked: media is given out by the own person’s answer alone, or by an answer to a call that the own person placed',
    status: {
      kind: 'tried',
      test,
      mutations: [
        {
          file: 'packages/keybox/src/calls/phone-ear.ts',
          find: "if (call.phase !== 'connecting') return kept(phone, call);",
          replace: "if (call.phase === 'ringing') return changed(phone, { ...call, phase: 'connecting' });",
        },
      ],
    },
  },
  {
    id: 'S2',
    attackers: ['SRV', 'CON'],
    action: 'replays, delays or alters an offer, or ends a call of others',
    published: 'what SIP without signed requests allows; Linphone with a server in the middle',
    answer:
      'every message is signed by a device and bound to dialog and time by the call token: `call-replayed`, `call-expired`, `call-dialog`, and an altered one does not open; a call goes on whatever others say',
    status: {
      kind: 'tried',
      test,
      mutations: [
        {
          file: 'packages/keybox/src/calls/reception.ts',
          find: 'if (await isOver(session.keys, signal.call)) {',
          replace: 'if ((await isOver(session.keys, signal.call)) && token === null) {',
        },
        {
          file: 'packages/keybox/src/calls/post.ts',
          find: 'if (age > MAX_AGE_MILLISECONDS || age < -MAX_SKEW_MILLISECONDS) {',
          replace: 'if (age > 2 * MAX_AGE_MILLISECONDS || age < -MAX_SKEW_MILLISECONDS) {',
        },
        {
          file: 'packages/keybox/src/calls/phone-ear.ts',
          find: "if (from.account !== call.peer) return refused(phone, 'call-dialog');",
          replace: '',
        },
        {
          file: 'packages/keybox/src/calls/phone-ear.ts',
          find: "if (from.device !== call.peerDevice) return refused(phone, 'call-dialog');",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'Sx1',
    attackers: ['SRV', 'CON'],
    action: 'offers a call without ZRTP, with keys in the signalling, or in the clear',
    published: 'Schürmann and others 2017',
    answer:
      'there is no member for any of that: a message that has another, or lacks the hash, is refused whole (`format-malformed`), and what both said leads to the auxiliary secret without which the media is not keyed',
    status: {
      kind: 'tried',
      test,
      mutations: [
        {
          file: 'packages/protocol/src/signal.ts',
          find: 'zrtpHash: z.string().check(z.regex(/^1\\.10 [0-9a-f]{64}$/)),',
          replace: 'zrtpHash: z.string(),',
        },
        {
          file: 'packages/protocol/src/signal.ts',
          find: 'const media: z.ZodMiniType<SignalMedia> = z.strictObject({',
          replace: 'const media: z.ZodMiniType<SignalMedia> = z.looseObject({',
        },
        {
          file: 'packages/protocol/src/signal.ts',
          find: 'profile: z.enum(mediaProfiles),',
          replace: 'profile: z.string() as never,',
        },
      ],
    },
  },
  {
    id: 'S4',
    attackers: ['SRV', 'CON'],
    action: 'rings without being a contact, or again and again',
    published: 'what every telephone suffers from',
    answer:
      'the list of contacts is the own device’s: others do not ring (`call-stranger`), nor does a contact more than five times a minute (`call-flood`)',
    status: {
      kind: 'tried',
      test,
      mutations: [
        {
          file: 'packages/keybox/src/calls/post.ts',
          find: 'if (!isOwn && (await this.#contactOf(fingerprint)) === null) {',
          replace: 'if (!isOwn && (await this.#contactOf(fingerprint)) === undefined) {',
        },
        {
          file: 'packages/keybox/src/calls/phone-state.ts',
          find: 'export const MAX_RINGS_PER_MINUTE = 5;',
          replace: 'export const MAX_RINGS_PER_MINUTE = 500;',
        },
      ],
    },
  },
  {
    id: 'S5',
    attackers: ['CON'],
    action: 'names addresses inside the other’s network or machine, to have them knocked at, or thousands of them',
    published: 'port scans by ICE',
    answer:
      'sixteen at once, 32 in all, none below port 1024; reserved and translated ones are dropped, loopback and private ones unless this end told one of the same kind',
    status: {
      kind: 'tried',
      test,
      mutations: [
        {
          file: 'packages/keybox/src/calls/candidates.ts',
          find: 'return scope !== null && reach.has(scope);',
          replace: 'return scope === null || reach.size > 0;',
        },
        {
          file: 'packages/keybox/src/calls/conversation.ts',
          find: 'const MAX_CANDIDATES = 32;',
          replace: 'const MAX_CANDIDATES = 3200;',
        },
      ],
    },
  },
];
