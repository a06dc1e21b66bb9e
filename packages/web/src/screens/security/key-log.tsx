import type { KeyLogView } from '@sotto/keybox';
import { Link } from '@tanstack/react-router';
import { Download, ScrollText } from 'lucide-react';
import { type JSX, useMemo, useState } from 'react';
import { useRead } from '../../app/queries.ts';
import { saveFile } from '../../app/save-file.ts';
import { Badge } from '../../kit/badge.tsx';
import { Button } from '../../kit/button.tsx';
import { Switch } from '../../kit/choice.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { Page } from '../../kit/page.tsx';
import { Select } from '../../kit/select.tsx';
import { type Column, Table } from '../../kit/table.tsx';
import { Time } from '../../kit/time.tsx';
import { useCodeWords } from '../../text/code-words.ts';
import { useLanguage, useText } from '../../text/language.tsx';
import { keyLogSentences, roomOf, sentenceOf } from './key-log-sentences.ts';
import { text } from './key-log-text.ts';
import styles from './security.module.css';

/** What happened to keys, devices and trust. */
export function KeyLog(): JSX.Element {
  const words = useText(text);
  const log = useRead(['key-log'], ({ box }) => box.keyLog());
  const [kind, setKind] = useState('all');
  const [isWarningsOnly, setWarningsOnly] = useState(false);
  const [most, setMost] = useState(PAGE);
  const entries = useMemo(
    () =>
      log
        .map((entry, position) => ({ ...entry, position }))
        .filter((entry) => (kind === 'all' || entry.kind === kind) && (!isWarningsOnly || entry.code !== null))
        .reverse(),
    [log, kind, isWarningsOnly],
  );
  const options = [...new Set(log.map((entry) => entry.kind))].map((value) => ({
    value,
    label: words.kinds[value],
  }));
  return (
    <Page
      title={words.title}
      lead={words.lead}
      back="/security/{-$part}"
      wide
      actions={
        <Button
          icon={<Download />}
          onPress={() => saveFile('key-log.json', JSON.stringify(log, null, 2), 'application/json')}
        >
          {words.save}
        </Button>
      }
    >
      <div className={styles['filters']}>
        <Select
          label={words.kind}
          value={kind}
          options={[{ value: 'all', label: words.all }, ...options]}
          onChange={setKind}
        />
        <Switch label={words.warningsOnly} isSelected={isWarningsOnly} onChange={setWarningsOnly} />
      </div>
      {entries.length === 0 ? (
        <EmptyState picture={<ScrollText />} title={words.none} />
      ) : (
        <Entries entries={entries.slice(0, most)} />
      )}
      {entries.length > most && (
        <Button onPress={() => setMost(most + PAGE)}>{words.more(entries.length - most)}</Button>
      )}
    </Page>
  );
}

type Entry = KeyLogView & { readonly position: number };

function Entries({ entries }: { readonly entries: readonly Entry[] }): JSX.Element {
  const words = useText(text);
  const columns: readonly Column<Entry>[] = [
    { key: 'at', label: words.when, cell: ({ at }) => <Time at={at} isExact />, by: ({ position }) => position },
    {
      key: 'kind',
      label: words.kind,
      cell: (entry) => <Badge>{words.kinds[entry.kind]}</Badge>,
      by: (entry) => entry.kind,
    },
    { key: 'what', label: words.what, isHead: true, cell: (entry) => <What entry={entry} /> },
  ];
  return (
    <Table
      label={words.title}
      columns={columns}
      rows={entries}
      keyOf={({ position }) => position}
      sort={{ column: 'at', isDown: true }}
    />
  );
}

function What({ entry: { entry, code, kind } }: { readonly entry: Entry }): JSX.Element {
  const words = useText(text);
  const sentences = useText(keyLogSentences);
  const { locale } = useLanguage();
  const codeWords = useCodeWords();
  const room = roomOf(entry);
  const known = code === null ? undefined : codeWords[code]?.[locale === 'de' ? 'de' : 'en'];
  return (
    <div className={styles['told']}>
      <p>
        <bdi>{sentenceOf(entry, sentences)}</bdi>
      </p>
      {code !== null && (
        <p>
          <Badge tone="warning">{code}</Badge> {known === undefined ? words.refused : `${known[0]}. ${known[2]}`}
        </p>
      )}
      {code === null && kind === 'gap' && <p>{words.gap}</p>}
      {room !== null && <RoomOf id={room} />}
    </div>
  );
}

/** The room that an entry is about, by its name where it has one here. */
function RoomOf({ id }: { readonly id: string }): JSX.Element {
  const words = useText(text);
  const rooms = useRead(['rooms'], ({ box }) => box.listRooms());
  const room = rooms.find((each) => each.id === id);
  return (
    <p className={styles['about']}>
      {room === undefined ? (
        <code>{words.unlisted(id.slice(0, 16))}</code>
      ) : (
        <Link to="/rooms/$room" params={{ room: id }}>
          <bdi>{room.name}</bdi>
        </Link>
      )}
    </p>
  );
}

const PAGE = 100;
