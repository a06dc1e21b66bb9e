import { hex } from '@sotto/bytes';
import { Secret, sha256 } from '@sotto/crypto';
import {
  activeDevices,
  type Chain,
  chainExtent,
  currentUserKey,
  type Envelope,
  restoreChain,
  type SignedHead,
  type Statement,
  sealSeed,
  signStatement,
} from '@sotto/protocol';
import { makeDevice } from '@sotto/testing';
import type { HandlerContext } from '../../../packages/server/src/handler.ts';
import { ghostAt, ghostOf } from './ghosts.ts';
import type { Lies, Telling } from './handlers.entry.ts';

type Read = Telling<'chains.read'>;

export const chainLies: Lies = {
  async 'chains.read'(read) {
    const { order, context, input, ask } = read;
    const { account } = input;
    const ghost = account instanceof Uint8Array ? ghostOf(account) : null;
    if (ghost !== null) return page(read, ghost.chain.fingerprint, ghost.statements);
    if (!(account instanceof Uint8Array) || !('account' in order) || order.account !== hex(account)) return ask();
    const { fingerprint } = await ask();
    const honest = await wholeChain(read);
    switch (order.lie) {
      case 'add-device':
        return page(read, fingerprint, [...honest, await addition(context, restoreChain(honest), order.signer)]);
      case 'swap-genesis': {
        const { statements } = await ghostAt(order.address, context);
        return { fingerprint, statements: [...statements], head: await sign(context, fingerprint, statements) };
      }
      case 'old-chain':
        return page(read, fingerprint, honest.slice(0, order.length));
    }
  },
};

async function wholeChain({ ask, input }: Read): Promise<readonly Envelope[]> {
  const all: Envelope[] = [];
  for (;;) {
    const { statements, head } = await ask({ ...input, from: all.length });
    all.push(...statements);
    if (all.length >= head.length) return all;
  }
}

async function page({ context, input }: Read, fingerprint: Uint8Array, all: readonly Envelope[]) {
  return { fingerprint, statements: all.slice(input.from), head: await sign(context, fingerprint, all) };
}

function sign({ cluster }: HandlerContext, id: Uint8Array, all: readonly Envelope[]): Promise<SignedHead> {
  const hash = sha256((all.at(-1) as Envelope).signed);
  return cluster.heads.sign({ kind: 'chain', id }, { length: all.length, hash });
}

/** The next statement of somebody's chain: a device whose keys the server has. */
async function addition(
  { suites, primitives, now }: HandlerContext,
  chain: Chain,
  signer: 'owner' | 'newcomer',
): Promise<Envelope> {
  const suite = suites.byId(chain.suite);
  const device = await makeDevice(suite, { name: 'tablet', kind: 'keybox' });
  const { generation } = currentUserKey(chain);
  const binding = { account: chain.fingerprint, device: device.description, generation };
  const sealedSeed = await sealSeed(suite, new Secret(primitives.randomBytes(32)), binding);
  const { length: seq, hash: prev } = chainExtent(chain);
  const [owner] = activeDevices(chain);
  const statement: Statement = {
    v: 1,
    suite: chain.suite,
    type: 'device.add',
    account: chain.fingerprint,
    seq,
    prev,
    at: now(),
    signers: [signer === 'owner' ? (owner?.id as Uint8Array) : device.id],
    body: { device: device.description, generation, sealedSeed, expiresAt: null },
  };
  return signStatement(suite, statement, [device.signing]);
}
