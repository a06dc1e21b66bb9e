import type { VaultEvent } from '@sotto/keybox-web';
import { type Context, useCallback, useContext, useEffect, useMemo, useSyncExternalStore } from 'react';
import { useVaultState, useVaults } from './vaults.tsx';

/** What goes on behind all screens while an account is open. */
interface Transfers<View> {
  list(): readonly View[];
  subscribe(changed: () => void): () => void;
  hear(event: VaultEvent): void;
  /** Forgets everything. */
  clear(): void;
}

/** Tells transfers what the vaults tell, and has them forget everything when the account is locked. */
export function useCareFor(transfers: Transfers<unknown>): void {
  const vaults = useVaults();
  const isLocked = useVaultState().kind === 'locked';
  useEffect(() => vaults.subscribe((event) => transfers.hear(event)), [vaults, transfers]);
  useEffect(() => {
    if (isLocked) transfers.clear();
  }, [isLocked, transfers]);
}

/** Those of the transfers that are wanted; drawn again when they change. */
export function useListed<View>(transfers: Transfers<View>, isWanted: (view: View) => boolean): readonly View[] {
  const all = useSyncExternalStore(
    useCallback((changed) => transfers.subscribe(changed), [transfers]),
    () => transfers.list(),
  );
  return useMemo(() => all.filter(isWanted), [all, isWanted]);
}

/** What a provider around all screens gives. */
export function useGiven<Given>(context: Context<Given | null>): Given {
  const given = useContext(context);
  if (given === null) throw new TypeError('outside of its provider');
  return given;
}
