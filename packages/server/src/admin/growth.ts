import type { Chain } from '@sotto/protocol';
import type { Account } from '../accounts/accounts.ts';
import type { Database } from '../store/store.ts';
import { type AuditNote, appendAudit } from './audit.ts';
import { checkDeviceLimit } from './policy.ts';

export interface GrownChain {
  readonly chain: Chain;
  /** Statements from here on are new. */
  readonly first: number;
  readonly at: number;
}

/**
 * Judges a longer chain by the policy and tells the audit log of the devices that came and went, in the transaction that
 * stores it. Throws `policy-forbids`.
 */
export async function noteGrowth(
  database: Database,
  { id, address, fingerprint }: Account,
  { chain, first, at }: GrownChain,
): Promise<void> {
  const devices = [...chain.devices.values()];
  const added = devices.filter(({ addedAt }) => addedAt >= first);
  const revoked = devices.filter(({ revokedAt }) => revokedAt !== null && revokedAt >= first);
  if (added.some(({ kind, revokedAt }) => kind === 'keybox' && revokedAt === null))
    await checkDeviceLimit(database, id);
  const note = (event: AuditNote['event'], { name, kind }: { readonly name: string; readonly kind: string }) =>
    appendAudit(database, { at, actor: fingerprint, event, subject: `${address}/${name}`, detail: { kind } });
  for (const device of added) await note('device.added', device);
  for (const device of revoked) await note('device.revoked', device);
}
