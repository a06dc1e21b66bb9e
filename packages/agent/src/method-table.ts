import type { Upkeep } from '@sotto/keybox';
import { type BoxAreas, boxMethods, type MethodKind, type MethodTables, methodKind } from '@sotto/keybox/methods';
import type { VaultTools } from './vault-tools.ts';

/** What clients may call of an account, and nothing else: what a box has, and what the agent adds. */
export const methodTable: MethodTables<Areas> = {
  ...boxMethods,
  tools: { checkVault: 'call', exportKeyFile: 'call', sendFile: 'call', fetchFile: 'call', cancelTransfer: 'call' },
  upkeep: {
    freshen: 'call',
    watch: 'stream',
    status: 'inside',
    onNotice: 'inside',
    notice: 'inside',
    close: 'inside',
  },
};

/** Every area that clients can name. */
type Areas = BoxAreas & { readonly tools: VaultTools; readonly upkeep: Upkeep };

export type AreaName = keyof Areas;

/** The kind of a method; null for what is not in the table. */
export function areaMethodKind(area: string, method: string): MethodKind | null {
  return methodKind(methodTable, area, method);
}
