import type { AttackCase } from './case.ts';

export const aCases: readonly AttackCase[] = [
  {
    id: 'A1',
    attackers: ['SRV', 'ADM'],
    action: 'announces a recovery key of the organisation, a custodian, that users never accepted',
    published: 'forced enrolment and key escrow in password managers (2026)',
    answer:
      'rules count only under the policy key that the own genesis names (`policy-invalid`), and a field that this version does not know makes the document void (`format-malformed`); there is no escrow here that could be turned on',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/policy/policy.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/policy/policy.ts',
          find: "if (!equal(sha256(publicKey), pin.policyKey)) throw policyInvalid('under a key that is not the pinned one');",
          replace: '',
        },
        {
          file: 'packages/protocol/src/policy/fields.ts',
          find: 'export const policyValues: z.ZodMiniType<PolicyValues> = z.strictObject(',
          replace: 'export const policyValues: z.ZodMiniType<PolicyValues> = z.looseObject(',
        },
      ],
    },
  },
  {
    id: 'A2',
    attackers: ['ADM', 'SRV'],
    action:
      'changes what users agreed to in silence: an older text, another text of the same version, a rule without their yes',
    published: 'legal hold and escrow that are switched on from afar',
    answer:
      'versions never fall and have one text, both documents are kept and told (`policy-rollback`, `policy-split`); what touches suites and retention holds for each user after that user said yes',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/policy/policy.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/policy/policies.ts',
          find: 'checkSuccession(known, { version: policy.version, signed: signed.signed });',
          replace: 'if (known.version < 0) checkSuccession(known, { version: policy.version, signed: signed.signed });',
        },
        {
          file: 'packages/protocol/src/policy/compare.ts',
          find: '.filter((field) => policyFields[field].needsConsent && !isTighter(field, next[field], accepted[field]))',
          replace: '.filter((field) => !(field in policyFields))',
        },
      ],
    },
  },
  {
    id: 'A3',
    attackers: ['ADM', 'MEM'],
    action: 'gives the key of an era to one more than the members, without a mark',
    published: 'the ghost proposal (2018)',
    answer:
      'every reader builds the table of recipients from roster and sigchains; an era with a row more, less or other is void and nothing is written under it (`era-table-invalid`)',
    status: {
      kind: 'tried',
      test: 'packages/protocol/src/era-table.test.ts',
      mutations: [
        {
          file: 'packages/protocol/src/room-statement.ts',
          find: 'valid: await isTableComplete(state, rows, input.witness),',
          replace: 'valid: (await isTableComplete(state, rows, input.witness)) || true,',
        },
      ],
    },
  },
  {
    id: 'A5',
    attackers: ['ADM'],
    action: 'resets the passphrase of a user to read what the user has',
    published: 'resets with escrow, as in several business products',
    answer:
      'a passphrase is changed by a statement of a device of the account alone; another account under the same address is another identity, which contacts refuse (`identity-conflict`, C1)',
    status: {
      kind: 'not-applicable',
      because:
        'no operation of the server sets a passphrase, a device or a key for somebody else: the closed list of operations is docs/spec/operations.md',
    },
  },
  {
    id: 'A6',
    attackers: ['CON', 'ADM'],
    action: 'calls the operations of administrators, raises its own role, acts on equals, names what belongs to others',
    published: 'broken access control (OWASP)',
    answer:
      'every operation asks the store for the role of the proven device, at every call (`not-authorised`, `role-insufficient`); there are no cookies or forms, a session is bound to its channel, and inputs with a member too many are refused',
    status: {
      kind: 'tried',
      test: 'packages/server/src/api/admin.test.ts',
      mutations: [
        {
          file: 'packages/server/src/admin/administrator.ts',
          find: "if (account.role === 'user' || account.suspended_at !== null) throw notAuthorised('for owners and admins');",
          replace: '',
        },
        {
          file: 'packages/server/src/admin/administrator.ts',
          find: "if (account.role !== 'owner') throw notAuthorised('for owners');",
          replace: '',
        },
        {
          file: 'packages/server/src/admin/administrator.ts',
          find: "throw new ProtocolPolicyFault('role-insufficient', 'nobody gives a role above their own');",
          replace: '',
        },
        {
          file: 'packages/server/src/admin/administrator.ts',
          find: "throw new ProtocolPolicyFault('role-insufficient', 'admins act on users, owners on everybody');",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'Ax1',
    attackers: ['ADM', 'SRV'],
    action:
      'publishes, or delivers, a newer policy between the moment in which a user looks and the one in which that user agrees',
    published: null,
    answer: 'a yes names the version that was shown (`policy-outdated` if it is not the newest any more)',
    status: {
      kind: 'tried',
      test: 'packages/keybox/src/policy/policy.test.ts',
      mutations: [
        {
          file: 'packages/keybox/src/policy/policies.ts',
          find: 'if (newest !== version) {',
          replace: 'if (newest < 0 && newest !== version) {',
        },
      ],
    },
  },
];
