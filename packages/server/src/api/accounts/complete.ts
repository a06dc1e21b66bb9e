import { equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import {
  type Chain,
  type ChainDevice,
  extendChain,
  type OperationInput,
  type Operations,
  ProtocolPeerFault,
  ProtocolPolicyFault,
  statement,
} from '@sotto/protocol';
import { type Account, accountOf } from '../../accounts/accounts.ts';
import { appendStatements, chainOf } from '../../accounts/chains.ts';
import { appendAudit } from '../../admin/audit.ts';
import { forbidden, policyInForce } from '../../admin/policy.ts';
import type { Handler, HandlerContext } from '../../handler.ts';
import { judgeRoom, storeRoom } from '../../rooms/create.ts';
import { readableHead } from '../../rooms/read.ts';
import type { Database } from '../../store/store.ts';
import { sessionAccount } from '../session.ts';
import { chainHead } from './genesis.ts';

type Input = OperationInput<Operations['accounts.complete']>;

/**
 * The last step of a sign-up, all of it or nothing. Throws `sign-up-incomplete` before the genesis, `bundle-invalid` if
 * the last statement does not name the bundle, and the faults of chains and rooms.
 */
export const complete: Handler<'accounts.complete'> = async (input, context) => {
  const { store } = context;
  const account = await store.read((database) => accountOf(database, sessionAccount(context)));
  const { fingerprint } = account;
  if (fingerprint === null) throw new ProtocolPolicyFault('sign-up-incomplete', 'the genesis comes first');
  if (account.step === 'enrolled') await finish(context, account, input);
  else if (!isRepeated(account, input)) throw new ProtocolPeerFault('chain-broken', 'the sign-up is complete');
  const { room } = await store.read((database) => accountOf(database, account.id));
  return {
    chainHead: await chainHead(context, fingerprint),
    roomHead: await readableHead(context, account.id, room as Uint8Array),
  };
};

async function finish(context: HandlerContext, account: Account, input: Input): Promise<void> {
  const chain = (await chainOf(context.store, account.fingerprint as Uint8Array)) as Chain;
  const { fingerprint: author } = chain;
  const room = await judgeRoom(context, { statements: input.room, author, device: null, types: ['account'] });
  const extended = await extend(context, chain, input);
  await context.store.transact(async (database) => {
    const { step } = await accountOf(database, account.id);
    if (input.statements.length > 1 && (await policyInForce(database)).roaming === 'forbidden') {
      throw forbidden('roaming');
    }
    if (step !== 'enrolled') throw new ProtocolPeerFault('chain-broken', 'the sign-up is complete');
    await storeRoom(database, room);
    await appendStatements(database, account.id, { envelopes: input.statements, chain: extended, at: context.now() });
    await settleInstallation(database, account.id, chain);
    await database
      .updateTable('accounts')
      .set({ step: 'complete', room: room.state.id, bundle: input.bundle })
      .where('id', '=', account.id)
      .execute();
    const { role, address: subject } = account;
    const note = { event: 'account.created', subject, detail: { role } } as const;
    await appendAudit(database, { at: context.now(), actor: author, ...note });
  });
}

/** What the sign-up left with the server belongs to the device that made the genesis. */
async function settleInstallation(database: Database, accountId: number, { devices }: Chain): Promise<void> {
  const [first] = devices.values();
  const device_id = (first as ChainDevice).id;
  for (const table of ['vaults', 'exemptions'] as const) {
    await database.updateTable(table).set({ device_id }).where('account_id', '=', accountId).execute();
  }
}

/** A roaming device if there is one, and the bundle. */
async function extend({ suites }: HandlerContext, chain: Chain, input: Input): Promise<Chain> {
  let extended = chain;
  for (const [index, envelope] of input.statements.entries()) {
    const parsed = statement.parse(envelope.signed);
    const isLast = index === input.statements.length - 1;
    if (isLast !== (parsed.type === 'bundle.set')) throw bundleInvalid('the bundle comes last');
    if (parsed.type === 'device.add' && parsed.body.device.kind !== 'roaming') {
      throw new ProtocolPeerFault('chain-body-invalid', 'a sign-up adds no device but a roaming one');
    }
    extended = await extendChain(suites, extended, envelope);
  }
  if (extended.bundle === null || !equal(extended.bundle.hash, sha256(input.bundle))) {
    throw bundleInvalid('not the bundle that the chain names');
  }
  return extended;
}

function isRepeated({ room, bundle }: Account, input: Input): boolean {
  const [create] = input.room;
  if (create === undefined || room === null) return false;
  return equal(sha256(create.envelope.signed), room) && equal(bundle, input.bundle);
}

function bundleInvalid(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('bundle-invalid', `bundle: ${what}`);
}
