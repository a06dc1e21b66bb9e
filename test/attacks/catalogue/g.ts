import type { AttackCase } from './case.ts';

const test = 'packages/sframe/src/digest.test.ts';

export const gCases: readonly AttackCase[] = [
  {
    id: 'G1',
    attackers: ['MEM'],
    action:
      'seals frames under the key id of another member, whose key everybody has, or makes another frame with the same tag',
    published: 'Isobe, Ito and Minematsu 2021; RFC 9605 section 7.1',
    answer:
      'every device signs hashes of its whole frames each second; a frame with another hash, or that no digest has for four seconds, is told as forged, a digest of another key or conference is `digest-refused`',
    status: {
      kind: 'tried',
      test,
      mutations: [
        {
          file: 'packages/sframe/src/digest-verifier.ts',
          find: 'if (equal(waiting.hash, hash)) genuine += 1;',
          replace: 'if (waiting.hash.length > 0) genuine += 1;',
        },
        {
          file: 'packages/sframe/src/digest-verifier.ts',
          find: "if (known !== undefined) return equal(known, hash) ? 'genuine' : 'forged';",
          replace: "if (known !== undefined) return 'genuine';",
        },
        {
          file: 'packages/sframe/src/digest-verifier.ts',
          find: 'if (!equal(conference, this.#input.conference)) throw refused();',
          replace: 'if (conference.length === 0) throw refused();',
        },
        {
          file: 'packages/sframe/src/digest-verifier.ts',
          find: 'await this.#input.verify(keyId, digest);',
          replace: '',
        },
        {
          file: 'packages/sframe/src/digest-verifier.ts',
          find: 'if (now - since >= DIGEST_PATIENCE_MILLISECONDS) giveUp(sender, counter);',
          replace: 'if (now - since >= 1e6 * DIGEST_PATIENCE_MILLISECONDS) giveUp(sender, counter);',
        },
      ],
    },
  },
  {
    id: 'G4',
    attackers: ['EXM'],
    action: 'goes on to speak and to listen with the keys of a conference that it left',
    published: 'RFC 9605 section 6.1',
    answer:
      'whoever stays has new keys under new ids and takes the old ones away: frames under those are `key-unknown`, under the new ids `frame-refused`',
    status: {
      kind: 'tried',
      test,
      mutations: [
        {
          file: 'packages/sframe/src/receiver.ts',
          find: `    this.#keys.get(keyId)?.key[Symbol.dispose]();
    this.#keys.delete(keyId);`,
          replace: '',
        },
      ],
    },
  },
];
