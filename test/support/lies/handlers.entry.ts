import { hex } from '@sotto/bytes';
import type { OperationInput, OperationName, OperationOutput, Operations } from '@sotto/protocol';
import { handlers as honest } from '../../../packages/server/src/api/index.ts';
import type { HandlerContext } from '../../../packages/server/src/handler.ts';
import { chainLies } from './chains.ts';
import { logLies } from './logs.ts';
import { mailboxLies } from './mailbox.ts';
import { currentOrder, type LieOrder } from './order.ts';
import { roomLies } from './rooms.ts';
import { signalLies } from './signals.ts';

type Ask = (input: unknown, context: HandlerContext) => Promise<unknown>;

/** What a lie works with: `ask` gives the honest answer to any input. */
export interface Telling<Name extends OperationName> {
  readonly input: OperationInput<Operations[Name]>;
  readonly context: HandlerContext;
  readonly order: LieOrder;
  ask(input?: OperationInput<Operations[Name]>): Promise<OperationOutput<Operations[Name]>>;
}

/** Operations that are answered by lies; each gives the honest answer where its order is none. */
export type Lies = {
  readonly [Name in OperationName]?: (telling: Telling<Name>) => Promise<OperationOutput<Operations[Name]>>;
};

const lies: Lies = { ...chainLies, ...logLies, ...mailboxLies, ...roomLies, ...signalLies };

/** The server's handlers; those that a lie concerns ask for their orders first. */
export const handlers: Readonly<Record<string, Ask>> = Object.fromEntries(
  Object.entries(honest).map(([name, handler]) => [name, disguised(name as OperationName, handler as unknown as Ask)]),
);

function disguised(name: OperationName, handler: Ask): Ask {
  const lie = lies[name] as unknown as ((telling: object) => Promise<unknown>) | undefined;
  if (lie === undefined) return handler;
  return async (input, context) => {
    const order = currentOrder();
    if (order === null || !isVictim(context, order)) return handler(input, context);
    return lie({ input, context, order, ask: (other: unknown = input) => handler(other, context) });
  };
}

function isVictim({ session }: HandlerContext, { victim }: LieOrder): boolean {
  return session.kind === 'device' && hex(session.fingerprint) === victim;
}
