import type { Freshness, KeyBox, MessageView } from '@sotto/keybox';
import type { MethodKind } from '@sotto/keybox/methods';
import type { Address } from '@sotto/protocol';
import type { Conversation } from '../conversation.ts';
import { type AreaName, methodTable } from '../method-table.ts';
import type { VaultTools } from '../vault-tools.ts';

/** What a client sees of an account that the agent holds. */
export interface RemoteAccount {
  readonly address: Address;
  /** Like the box itself: what differs is only where the work is done. */
  readonly box: KeyBox;
  readonly tools: VaultTools;
  readonly upkeep: RemoteUpkeep;
}

export interface RemoteUpkeep {
  freshen(server: 'needed' | 'wanted' | 'tried'): Promise<Freshness>;
  watch(signal: AbortSignal): AsyncIterable<readonly MessageView[]>;
}

export function remoteAccount(conversation: Conversation, address: Address): RemoteAccount {
  const area = (name: AreaName): object => remoteArea(conversation, address, name);
  const { box, tools, upkeep, ...others } = Object.fromEntries(
    (Object.keys(methodTable) as AreaName[]).map((name) => [name, area(name)]),
  );
  return {
    address,
    box: { address, ...box, ...others } as KeyBox,
    tools: tools as VaultTools,
    upkeep: upkeep as RemoteUpkeep,
  };
}

type Work = (...input: readonly unknown[]) => unknown;

function remoteArea(conversation: Conversation, account: string, area: AreaName): Readonly<Record<string, Work>> {
  const kinds: Readonly<Record<string, MethodKind>> = methodTable[area];
  const methods = Object.entries(kinds).map(([method, kind]): [string, Work] => {
    const call: Work = (...input) => conversation.call({ account, area, method, input });
    return [method, kind === 'stream' ? (...input) => iterate(call(...input)) : call];
  });
  return Object.fromEntries(methods);
}

async function* iterate(iteration: unknown): AsyncIterable<unknown> {
  yield* (await iteration) as AsyncIterable<unknown>;
}
