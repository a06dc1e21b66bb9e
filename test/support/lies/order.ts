import { readFileSync } from 'node:fs';

/** What a lying server is told to do, and to whom; ids are hexadecimal. */
export type LieOrder = LieTold & { readonly victim: string };

type LieTold =
  /** A device more in the chain of an account, signed in the name of its own device, or by the new one. */
  | { readonly lie: 'add-device'; readonly account: string; readonly signer: 'owner' | 'newcomer' }
  /** A member more in a room, in the name of its newest author of a statement or by the newcomer. */
  | { readonly lie: 'add-member'; readonly room: string; readonly signer: 'owner' | 'newcomer' }
  /** One row more beside the newest era of a room. */
  | { readonly lie: 'add-row'; readonly room: string }
  /** Another chain for an account, from another genesis. */
  | { readonly lie: 'swap-genesis'; readonly account: string; readonly address: string }
  /** A request in the victim's mailbox by an account of the server's own making, under an address of somebody else. */
  | { readonly lie: 'pose'; readonly address: string; readonly to: string }
  /** A room as it was at a length, under a new head; or the chain of an account. */
  | { readonly lie: 'old-head'; readonly room: string; readonly length: number }
  | { readonly lie: 'old-chain'; readonly account: string; readonly length: number }
  /** A room without some of its entries, under a new head. */
  | { readonly lie: 'leave-out'; readonly room: string; readonly positions: readonly number[] }
  /** A room without the keys that others sealed to the victim, or without what was said in it. */
  | { readonly lie: 'withhold-keys' | 'withhold-bodies'; readonly room: string }
  /** Another transparency log than everybody else's, signed alike. */
  | { readonly lie: 'fork-log' }
  /** The bytes of another file in place of every blob's. */
  | { readonly lie: 'swap-blobs'; readonly path: string }
  /** What the victim says of calls, passed on and kept; then altered, and every other time the first that was kept in its place. */
  | { readonly lie: 'keep-signals' }
  | { readonly lie: 'swap-signals' };

/** Null while the server is to be honest. */
export function currentOrder(): LieOrder | null {
  const text = readFileSync(process.env['SOTTO_LIES'] as string, 'utf8');
  return text === '' ? null : JSON.parse(text);
}
