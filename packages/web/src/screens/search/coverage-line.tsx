import type { SearchResult } from '@sotto/keybox';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useVaults } from '../../app/vaults.tsx';
import { Spinner } from '../../kit/spinner.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import styles from './search.module.css';
import { text } from './text.ts';

/** How much a search covers, honestly, and how many it found: read out as it changes. */
export function CoverageLine({
  result,
  room,
}: {
  readonly result: SearchResult | null | undefined;
  readonly room: string | undefined;
}): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  const { box } = useVaults();
  const { data } = useQuery({ queryKey: ['search-coverage'], queryFn: () => box.search.coverage() });
  const partial = data?.partial.find((each) => each.room === room);
  const isWhole = room !== undefined && partial === undefined;
  const covered = room === undefined ? data : partial;
  const number = (count: number): string => count.toLocaleString(format);
  const parts: string[] = [];
  if (result != null) parts.push(words.found(result.hits.length, result.more));
  if (isWhole) parts.push(words.allHere);
  else if (covered !== undefined) {
    const { indexed, total, toFetch } = covered;
    parts.push(indexed === total ? words.all(number(total)) : words.some(number(indexed), number(total)));
    if (toFetch > 0) parts.push(words.toFetch(number(toFetch)));
  }
  return (
    <p className={styles['coverage']} role="status">
      {(covered?.toFetch ?? 0) > 0 && <Spinner />}
      <span>{parts.join(' ')}</span>
    </p>
  );
}
