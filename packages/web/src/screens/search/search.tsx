import type { SearchFilter, SearchResult } from '@sotto/keybox';
import type { Address } from '@sotto/protocol';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { SearchX, Telescope } from 'lucide-react';
import { type JSX, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useRead } from '../../app/queries.ts';
import { useVaults } from '../../app/vaults.tsx';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { useText } from '../../text/language.tsx';
import { CoverageLine } from './coverage-line.tsx';
import styles from './search.module.css';
import { SearchFilters } from './search-filters.tsx';
import { type SearchForm, useSearchForm } from './search-form.ts';
import { SearchHits } from './search-hits.tsx';
import { text } from './text.ts';

/** Finds messages and files on this device; the server learns of no search. */
export function Search(): JSX.Element {
  const words = useText(text);
  const { room } = useSearch({ from: '/inside/search' });
  const navigate = useNavigate();
  const [form, change] = useSearchForm();
  const rooms = useRead(['rooms'], ({ box }) => box.listRooms());
  const [limit, setLimit] = useState(FIRST);
  const typed = useLater(form, PAUSE_MILLISECONDS);
  const { data, error, isPlaceholderData } = useFound(typed, { room, limit });
  const screen = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  useSteps(screen, list);
  const isAsked = /[\p{L}\p{N}]/u.test(form.words);
  return (
    <div className={styles['search']} ref={screen}>
      <header className={styles['head']}>
        <h1>{words.title}</h1>
        <SearchFilters
          form={form}
          room={room}
          rooms={rooms}
          onChange={(next) => {
            setLimit(FIRST);
            change(next);
          }}
          onRoom={(next) =>
            void navigate({ to: '/search', search: next === undefined ? {} : { room: next }, replace: true })
          }
        />
        <CoverageLine result={isAsked ? data : undefined} room={room} />
      </header>
      <div ref={list} className={styles['found']} aria-busy={isPlaceholderData}>
        {error !== null && <FaultNotice fault={error} />}
        {!isAsked && (
          <EmptyState picture={<Telescope />} title={words.begin}>
            {words.how}
          </EmptyState>
        )}
        {isAsked && data != null && data.hits.length > 0 && (
          <SearchHits hits={data.hits} rooms={rooms} isOneRoom={room !== undefined} />
        )}
        {isAsked && data?.hits.length === 0 && !isPlaceholderData && (
          <EmptyState picture={<SearchX />} title={words.none}>
            {words.noneHow}
          </EmptyState>
        )}
        {isAsked && data?.more === true && limit < MOST && <Button onPress={() => setLimit(MOST)}>{words.more}</Button>}
        {isAsked && data?.more === true && limit === MOST && <p className={styles['note']}>{words.narrow}</p>}
      </div>
    </div>
  );
}

interface Where {
  readonly room: string | undefined;
  readonly limit: number;
}

function useFound(
  form: SearchForm,
  { room, limit }: Where,
): {
  readonly data: SearchResult | null | undefined;
  readonly error: Error | null;
  readonly isPlaceholderData: boolean;
} {
  const { box } = useVaults();
  const filter = useMemo(() => filterOf(form, { room, limit }), [form, room, limit]);
  return useQuery({
    queryKey: ['search', form.words, filter],
    queryFn: () => (/[\p{L}\p{N}]/u.test(form.words) ? box.search.find(form.words, filter) : null),
    placeholderData: keepPreviousData,
  });
}

function filterOf({ author, from, until, kind }: SearchForm, { room, limit }: Where): SearchFilter {
  return {
    limit,
    ...(room === undefined ? {} : { room }),
    ...(author === '' ? {} : { author: author as Address }),
    ...(from === '' ? {} : { after: startOf(from, 0) }),
    ...(until === '' ? {} : { before: startOf(until, 1) }),
    ...(kind === 'all' ? {} : { kind }),
  };
}

/** Midnight here at the beginning of a day, or of a later one. */
function startOf(day: string, later: number): number {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + later);
  return date.getTime();
}

/** A value once it has been the same for a moment. */
function useLater<Value>(value: Value, milliseconds: number): Value {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return later;
}

function useSteps(screen: RefObject<HTMLElement | null>, list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = screen.current;
    const hear = (event: KeyboardEvent): void => step(event, list.current);
    element?.addEventListener('keydown', hear);
    return () => element?.removeEventListener('keydown', hear);
  }, [screen, list]);
}

/** Arrow keys go from the words to the first hit, and from hit to hit. */
function step(event: KeyboardEvent, list: HTMLElement | null): void {
  if (list === null || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
  const hits = [...list.querySelectorAll<HTMLElement>('a[data-hit]')];
  const at = hits.indexOf(document.activeElement as HTMLElement);
  const isInWords = document.activeElement instanceof HTMLInputElement && document.activeElement.type === 'search';
  if (at < 0 && !isInWords) return;
  const next = event.key === 'ArrowDown' ? hits[at + 1] : hits[at - 1];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

const FIRST = 40;
const MOST = 200;
const PAUSE_MILLISECONDS = 120;
