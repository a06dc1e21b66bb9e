import type { RoomView } from '@sotto/keybox';
import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import type { JSX } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { useVaults } from '../../app/vaults.tsx';
import field from '../../kit/field.module.css';
import { Select } from '../../kit/select.tsx';
import { useText } from '../../text/language.tsx';
import styles from './search.module.css';
import type { SearchForm } from './search-form.ts';
import { text } from './text.ts';

export interface SearchFiltersProps {
  readonly form: SearchForm;
  readonly room: string | undefined;
  readonly rooms: readonly RoomView[];
  onChange(change: Partial<SearchForm>): void;
  onRoom(room: string | undefined): void;
}

/** The words, and what narrows them. */
export function SearchFilters({ form, room, rooms, onChange, onRoom }: SearchFiltersProps): JSX.Element {
  const words = useText(text);
  const people = usePeople(rooms, room);
  const everybody = { value: ALL, label: words.everybody };
  const everywhere = { value: ALL, label: words.everywhere };
  return (
    <search className={styles['form']}>
      <TextField
        aria-label={words.find}
        type="search"
        autoFocus
        value={form.words}
        onChange={(typed) => onChange({ words: typed })}
        className={styles['words'] ?? ''}
        maxLength={256}
      >
        <Search aria-hidden="true" />
        <Input className={field['input'] ?? ''} placeholder={words.find} dir="auto" autoComplete="off" />
      </TextField>
      <div className={styles['filters']}>
        <Select
          label={words.room}
          value={room ?? ALL}
          options={[everywhere, ...rooms.map(({ id, name }) => ({ value: id, label: name }))]}
          onChange={(id) => onRoom(id === ALL ? undefined : id)}
        />
        <Select
          label={words.person}
          value={form.author === '' ? ALL : form.author}
          options={[everybody, ...people.map((address) => ({ value: address, label: address }))]}
          onChange={(address) => onChange({ author: address === ALL ? '' : address })}
        />
        <Select
          label={words.kind}
          value={form.kind}
          options={(['all', 'message', 'file'] as const).map((value) => ({ value, label: words.kinds[value] }))}
          onChange={(kind) => onChange({ kind })}
        />
        <Day label={words.from} value={form.from} onChange={(from) => onChange({ from })} />
        <Day label={words.until} value={form.until} onChange={(until) => onChange({ until })} />
      </div>
    </search>
  );
}

function Day({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  onChange(day: string): void;
}): JSX.Element {
  return (
    <TextField type="date" value={value} onChange={onChange} className={field['field'] ?? ''}>
      <Label className={field['label'] ?? ''}>{label}</Label>
      <Input className={field['input'] ?? ''} />
    </TextField>
  );
}

/** Everybody in the rooms that are searched. */
function usePeople(rooms: readonly RoomView[], room: string | undefined): readonly string[] {
  const { box } = useVaults();
  const searched = room === undefined ? rooms.map(({ id }) => id) : [room];
  const { data = [] } = useQuery({
    queryKey: ['search-people', ...searched],
    queryFn: async () => {
      const members = await Promise.all(searched.slice(0, MOST_ROOMS).map((id) => box.roomMembers(id)));
      return [...new Set(members.flat().map(({ address }) => String(address)))].toSorted();
    },
  });
  return data;
}

const ALL = 'all';
const MOST_ROOMS = 100;
