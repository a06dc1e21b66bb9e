import { decodeCbor, encodeCbor } from '@sotto/bytes';
import { classic, type Suite, type Suites, sha256 } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { type Address, activeDevices, beginChain, type Chain, deviceId, extendChain, statement } from '@sotto/protocol';
import { bytes } from '../../../packages/protocol/src/samples.fixture.ts';
import { type Target, Violation } from '../target.ts';

/** Every signature is good: what is left are the rules, tried by somebody who holds all keys. */
const suite: Suite = (() => {
  const real = classic(nodePrimitives());
  return { ...real, signature: { ...real.signature, verify: async () => undefined } };
})();
const suites: Suites = { byId: () => suite, byName: () => suite, all: [suite] };

const address = 'ann@example.org' as Address;
const hash = bytes(32);
const at = 1_767_600_000_000;
const userKey = (generation: number) => ({ generation, room: bytes(40), container: bytes(40), wrapped: bytes(3) });
const device = (fill: number, kind: 'keybox' | 'roaming' | 'recovery' = 'keybox') =>
  ({ kind, name: `d-${fill}`, signing: bytes(64, fill), kem: bytes(48), spki: hash }) as never;
const idOf = (fill: number): Uint8Array => deviceId(suite.id, device(fill));
const frame = { v: 1, suite: suite.id, at } as const;
const genesis = await beginChain(
  suites,
  {
    signed: statement.encode({
      ...{ ...frame, account: null, seq: 0, prev: null, signers: [idOf(1)], type: 'genesis' },
      body: { address, device: device(1), userKey: userKey(0), ca: hash, policyKey: hash },
    }),
    signatures: [bytes(64)],
  },
  address,
);

const change = (generation: number, ...fills: readonly number[]) => ({
  userKey: userKey(generation),
  seeds: fills
    .map((fill) => ({ device: idOf(fill), sealed: bytes(90) }))
    .toSorted((left, right) => Buffer.compare(left.device, right.device)),
  previous: bytes(92),
});
const add = (fill: number, kind?: 'roaming' | 'recovery') => ({
  ...{ type: 'device.add', signers: [idOf(1)] },
  body: { device: device(fill, kind), generation: 0, sealedSeed: bytes(90), expiresAt: null },
});
const revoke = { type: 'device.revoke', signers: [idOf(1)], body: { device: idOf(2), change: change(1, 1) } };
const rotate = { type: 'userkey.rotate', signers: [idOf(1)], body: { change: change(1, 1) } };
const bundle = { type: 'bundle.set', signers: [idOf(1)], body: { version: 1, hash } };
const passphrase = {
  ...{ type: 'passphrase.change', signers: [idOf(1)] },
  body: { roaming: device(4, 'roaming'), change: change(1, 1, 4), bundle: { version: 1, hash } },
};

/** The rules of sigchains, under statements whose signatures and links are right. */
export const chain: Target = {
  name: 'chain',
  sources: ['packages/protocol/src/chain.ts', 'packages/protocol/src/statement.ts'],
  parsers: [
    {
      name: 'chain',
      shape: 'cbor',
      seeds: [[add(2), revoke], [add(2, 'recovery')], [add(3, 'roaming'), bundle], [rotate], [passphrase]].map(
        (input) => encodeCbor(input as never),
      ),
      parse: async (input) => {
        const given = decodeCbor(input);
        let grown = genesis;
        for (const next of Array.isArray(given) ? given.slice(0, 8) : []) grown = await extended(grown, next);
        return null;
      },
    },
  ],
};

/** Signed bytes of a statement made of what the input says, and the frame that fits. */
async function extended(chain: Chain, given: unknown): Promise<Chain> {
  const link = { ...frame, account: chain.fingerprint, seq: chain.hashes.length, prev: chain.hashes.at(-1) };
  const value = typeof given === 'object' && !Array.isArray(given) ? { ...link, ...given } : given;
  const signed = encodeCbor(value as never);
  const { signers } = statement.parse(signed);
  const next = await extendChain(suites, chain, { signed, signatures: signers.map(() => bytes(64)) });
  checkRules(next, sha256(signed));
  return next;
}

function checkRules(next: Chain, last: Uint8Array): void {
  const active = activeDevices(next);
  const count = (kind: string): number => active.filter((one) => one.kind === kind).length;
  if (active.length === 0 || active.length > 32) throw new Violation(`a chain with ${active.length} devices`);
  if (count('roaming') > 1 || count('recovery') > 1) throw new Violation('two roaming or two recovery devices');
  if (Buffer.compare(next.hashes.at(-1) ?? bytes(1), last) !== 0) throw new Violation('a hash that is not the last');
}
