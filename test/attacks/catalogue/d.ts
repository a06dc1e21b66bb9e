import type { AttackCase } from './case.ts';

export const dCases: readonly AttackCase[] = [
  {
    id: 'D8',
    attackers: ['NET'],
    action: 'stands in for the server with a CA of its own for that name',
    published: 'DigiNotar; compromised public CAs',
    answer:
      'the CA is pinned by its fingerprint, on a new machine as well if its user was told it; no question is asked that could be clicked away (`certificate-issuer`)',
    status: {
      kind: 'tried',
      test: 'packages/keybox-node/src/enrol-hostile.test.ts',
      mutations: [
        {
          file: 'packages/pki/src/verify.ts',
          find: `if (fingerprint !== undefined && !equal(fingerprint, computed))
    throw refused('certificate-issuer', 'not the pinned CA');`,
          replace: '',
        },
      ],
    },
  },
];
