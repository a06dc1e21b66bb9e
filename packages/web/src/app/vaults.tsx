import type { TaskId, VaultEvent, VaultState, Vaults } from '@sotto/keybox-web';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type JSX, type ReactNode, useContext, useEffect, useSyncExternalStore } from 'react';

/** Hands the vaults to every screen, and has what they show fetched again when it is other than it was. */
export function VaultsProvider({
  vaults,
  children,
}: {
  readonly vaults: Vaults;
  readonly children: ReactNode;
}): JSX.Element {
  const queries = useQueryClient();
  useEffect(
    () =>
      vaults.subscribe((event) => {
        const state = vaults.state();
        // What is shown is the last of a vault that was deleted.
        if (event.kind === 'changed' && !(state.kind === 'open' && state.isGone))
          void queries.invalidateQueries({ predicate: ({ meta }) => meta?.['isAsked'] !== true });
        // Nothing of an account stays in the page's memory when it is locked.
        if (event.kind === 'state' && event.state.kind !== 'open') queries.clear();
      }),
    [vaults, queries],
  );
  return <VaultsContext value={vaults}>{children}</VaultsContext>;
}

export function useVaults(): Vaults {
  const vaults = useContext(VaultsContext);
  if (vaults === null) throw new TypeError('outside of the vaults');
  return vaults;
}

export function useVaultState(): VaultState {
  const vaults = useVaults();
  return useSyncExternalStore(
    (changed) => vaults.subscribe((event) => event.kind === 'state' && changed()),
    () => vaults.state(),
  );
}

/** The open account; screens behind the gate are shown only while there is one. */
export function useOpenVault(): VaultState & { readonly kind: 'open' } {
  const state = useVaultState();
  if (state.kind !== 'open') throw new TypeError('no account is open');
  return state;
}

/** Hears the events of one task for as long as it is shown. */
export function useTaskEvents(task: TaskId | null, hear: (event: VaultEvent) => void): void {
  const vaults = useVaults();
  useEffect(() => {
    if (task === null) return;
    return vaults.subscribe((event) => {
      if ('task' in event && event.task === task) hear(event);
    });
  }, [vaults, task, hear]);
}

const VaultsContext = createContext<Vaults | null>(null);
