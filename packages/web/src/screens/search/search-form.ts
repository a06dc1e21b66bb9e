import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';

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
  const [form, setForm] = useState(() => queries.getQueryData<SearchForm>(KEY) ?? EMPTY);
  const change = useCallback(
    (next: Partial<SearchForm>) => {
      const changed = { ...(queries.getQueryData<SearchForm>(KEY) ?? EMPTY), ...next };
      queries.setQueryDefaults(KEY, { gcTime: Number.POSITIVE_INFINITY });
      queries.setQueryData<SearchForm>(KEY, changed);
      setForm(changed);
    },
    [queries],
  );
  return [form, change];
}

const EMPTY: SearchForm = { words: '', author: '', from: '', until: '', kind: 'all' };
const KEY = ['search-form'];
