import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

/** What is searched for. It is kept in memory alone: no address and no history of the browser tells what somebody looked for. */
export interface SearchForm {
  readonly words: string;
  /** Address of a person; empty for everybody. */
  readonly author: string;
  /** Days as `2026-01-31`; empty for any. */
  readonly from: string;
  readonly until: string;
  readonly kind: 'all' | 'message' | 'file';
}

/** The form as it was left, until the account is locked, and what changes it. */
export function useSearchForm(): readonly [SearchForm, (change: Partial<SearchForm>) => void] {
  const queries = useQueryClient();
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: () => queries.getQueryData<SearchForm>(KEY) ?? EMPTY,
    gcTime: KEPT,
  });
  const keep = useCallback(
    (change: Partial<SearchForm>) =>
      queries.setQueryData<SearchForm>(KEY, (before) => ({ ...(before ?? EMPTY), ...change })),
    [queries],
  );
  return [data ?? EMPTY, keep];
}

const EMPTY: SearchForm = { words: '', author: '', from: '', until: '', kind: 'all' };
const KEY = ['search-form'];
const KEPT = Number.POSITIVE_INFINITY;
