import { type ZrtpPeerCode, ZrtpPeerFault } from './fault.ts';

/** RFC 6189 section 5.9. Null for what the other end learns nothing of. */
export function errorCodeOf({ code, detail }: ZrtpPeerFault): number | null {
  const own = detail['error'];
  return typeof own === 'number' ? own : (codes[code] ?? null);
}

/** What an Error of the other end means here. */
export function faultOfError(error: number): ZrtpPeerFault {
  const detail = { error };
  return new ZrtpPeerFault('peer-gave-up', `the other end gave up: ${meanings[error] ?? 'it does not say why'}`, {
    detail,
  });
}

const codes: Readonly<Partial<Record<ZrtpPeerCode, number>>> = {
  'version-unsupported': 0x30,
  'shared-secret-missing': 0x56,
  'public-value-refused': 0x61,
  'commitment-broken': 0x62,
  'relayed-sas-refused': 0x63,
  'confirm-refused': 0x70,
  'hash-chain-broken': 0x10,
  'nonce-reused': 0x80,
  'zid-equal': 0x90,
  'source-equal': 0x91,
  'clear-refused': 0x100,
};

const meanings: Readonly<Record<number, string>> = {
  16: 'a malformed packet',
  32: 'an error of its own',
  48: 'another version of ZRTP',
  64: 'a Hello that does not fit',
  81: 'no common hash',
  82: 'no common cipher',
  83: 'no common key agreement',
  84: 'no common authentication tag',
  85: 'no common SAS',
  86: 'no shared secret',
  97: 'a bad public value',
  98: 'a broken commitment',
  99: 'a relayed SAS',
  112: 'a wrong confirmation',
  128: 'a nonce that was used before',
  144: 'equal ids',
  145: 'equal sources',
  160: 'it cannot now',
  176: 'it waited too long',
  256: 'it takes no clear call',
};
