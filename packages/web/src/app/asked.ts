import type { Vaults } from '@sotto/keybox-web';
import { type UseMutationResult, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { say } from '../kit/toasts.ts';
import { useDo } from './queries.ts';
import { useVaults } from './vaults.tsx';

/** Asks the home server, through the vault: when the screen opens and after `useAct`, not at every change of the vault. */
export function useAsked<Result>(key: string, ask: (vaults: Vaults) => Promise<Result>): Result {
  const vaults = useVaults();
  return useSuspenseQuery({ queryKey: [key], queryFn: () => ask(vaults), staleTime: 0, meta: { isAsked: true } }).data;
}

/** Does something, says in passing that it is done, and has everything that screens show read and asked again. */
export function useAct<Input, Result>(
  work: (vaults: Vaults, input: Input) => Promise<Result>,
  options: { readonly said?: string; readonly after?: (result: Result, input: Input) => void } = {},
): UseMutationResult<Result, Error, Input> {
  const queries = useQueryClient();
  const mutation = useDo(async (vaults, input: Input) => {
    const result = await work(vaults, input);
    await queries.invalidateQueries();
    if (options.said !== undefined) say(options.said);
    options.after?.(result, input);
    return result;
  });
  return mutation;
}
