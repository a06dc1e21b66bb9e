import type { Mutation } from '../../support/mutation.ts';
import type { AttackCase } from './case.ts';

const envelope = (find: string): Mutation => ({
  file: 'packages/pki/src/cms/auth-enveloped-data.ts',
  find,
  replace: '',
});
const signed = (find: string): Mutation => ({ file: 'packages/pki/src/cms/signed-data.ts', find, replace: '' });

export const bCases: readonly AttackCase[] = [
  {
    id: 'B1',
    attackers: ['SRV', 'NET'],
    action: 'flips bits of content that is encrypted without authentication (CBC and OFB gadgets)',
    published: 'EFAIL (2018)',
    answer: 'AuthEnvelopedData with AES-256-GCM is the one content that is read; anything else is `container-profile`',
    status: {
      kind: 'tried',
      test: 'packages/pki/src/cms/openssl.test.ts',
      mutations: [
        envelope("if (type !== oids.authEnvelopedData) throw offProfile('not authenticated-enveloped data');"),
        {
          file: 'packages/pki/src/cms/auth-enveloped-data.ts',
          find: "if (algorithm.oid() !== oids.aes256Gcm) throw offProfile('a content encryption that is not AES-256-GCM');",
          replace: 'algorithm.oid();',
        },
      ],
    },
  },
  {
    id: 'B2',
    attackers: ['SRV', 'NET'],
    action: 'puts a ciphertext between parts of a mail that load from the network when they are shown',
    published: 'EFAIL direct exfiltration (2018)',
    answer: 'a container is one structure, opened whole or not at all, and its content is never shown as HTML',
    status: { kind: 'not-applicable', because: 'there are no mails of several parts yet, and nothing shows HTML' },
  },
  {
    id: 'B3',
    attackers: ['CON'],
    action:
      'nests an old ciphertext or signed content in a container of their own, so that it counts again or is quoted',
    published: '"Re: What\'s Up Johnny?" (2019)',
    answer: 'the signature covers recipients and purpose: `container-recipients`, `container-purpose`',
    status: {
      kind: 'tried',
      test: 'packages/pki/src/cms/container.test.ts',
      mutations: [
        {
          file: 'packages/pki/src/cms/container.ts',
          find: ' || !equal(recipientSetHash(hashes), sender.recipientSet)',
          replace: '',
        },
      ],
    },
  },
  {
    id: 'B4',
    attackers: ['NET'],
    action: 'asks a PKCS#1 v1.5 decryption oracle by malformed key transports',
    published: 'Bleichenbacher (1998), ROBOT (2017), Marvin (2023), CVE-2023-46809',
    answer: 'RSA-OAEP and X-Wing alone; other key transports are `container-profile` before any key is used',
    status: {
      kind: 'tried',
      test: 'packages/pki/src/cms/openssl.test.ts',
      mutations: [
        {
          file: 'packages/pki/src/cms/recipient-info.ts',
          find: "if (hash === null) throw offProfile('a key transport that is not RSA-OAEP');",
          replace:
            "if (hash === null) return { type: 'key-transport', recipient, hash: 'sha256', encryptedKey: fields.octetString() };",
        },
      ],
    },
  },
  {
    id: 'B6',
    attackers: ['CON'],
    action:
      'shows a signature that covers something else: two signers, detached content, a weak or missing certificate',
    published: '"Johnny, you are fired!" (2019)',
    answer: 'exactly one signer over content and attributes, else `container-profile`; one status for the whole',
    status: {
      kind: 'tried',
      test: 'packages/pki/src/cms/openssl.test.ts',
      mutations: [
        {
          file: 'packages/pki/src/cms/signed-data.ts',
          find: "if (signerInfo === null || signerInfos.next !== null) throw offProfile('not exactly one signer');",
          replace: "if (signerInfo === null) throw new Error('nobody');",
        },
        signed("if (fields.next === null) throw offProfile('signed content that is elsewhere');"),
        signed("if (fields.next !== tag.constructed(0)) throw offProfile('a signer without signed attributes');"),
        signed("if (fields.next !== tag.constructed(0)) throw offProfile('signed data without certificates');"),
        {
          file: 'packages/pki/src/cms/signed-data.ts',
          find: "if (!isForeignRsa || !isStrongRsa(key)) throw offProfile('a signature by other algorithms than ours');",
          replace: '',
        },
      ],
    },
  },
  {
    id: 'B9',
    attackers: ['SRV', 'NET'],
    action: 'rewrites algorithm identifiers and parameters: a shorter tag, another nonce, any bit',
    published: 'CMS AlgorithmIdentifier attacks; short tags of GCM (Ferguson 2005)',
    answer:
      'fixed algorithms with a nonce of 12 and a tag of 16 bytes, `container-profile`; every bit is authenticated',
    status: {
      kind: 'tried',
      test: 'packages/pki/src/cms/container.test.ts',
      mutations: [
        envelope(
          "if (nonce.length !== 12 || icvBytes !== ICV_BYTES) throw offProfile('a nonce or tag of another length');",
        ),
        { file: 'packages/crypto/src/node/aead.ts', find: '      decipher.final();\n', replace: '' },
        {
          file: 'packages/pki/src/cms/signed-data.ts',
          find: "if (!verified) throw new PkiPeerFault('container-signature', 'the signature of the container does not verify');",
          replace: '',
        },
      ],
    },
  },
];
