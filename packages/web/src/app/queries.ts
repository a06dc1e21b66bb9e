import type { Vaults } from '@sotto/keybox-web';
import { QueryClient, type UseMutationResult, useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { useVaults } from './vaults.tsx';

/** What screens show comes from the vault of this browser: nothing is old, nothing is asked twice, nothing is kept. */
export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: Number.POSITIVE_INFINITY, gcTime: 60_000, retry: false, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

/** Reads from the vault; the screen waits for the first answer, and every change of the vault has it read again. */
export function useRead<Result>(key: readonly unknown[], read: (vaults: Vaults) => Promise<Result>): Result {
  const vaults = useVaults();
  return useSuspenseQuery({ queryKey: key, queryFn: () => read(vaults) }).data;
}

/** Does something with the vault on demand: `mutate`, `isPending`, `error` for `FaultNotice`. */
export function useDo<Input, Result>(
  work: (vaults: Vaults, input: Input) => Promise<Result>,
): UseMutationResult<Result, Error, Input> {
  const vaults = useVaults();
  return useMutation({ mutationFn: (input: Input) => work(vaults, input) });
}
