import type { RoomView, SearchHit } from '@sotto/keybox';
import type { JSX } from 'react';
import { RoomLink } from '../../app/room-link.tsx';
import { Avatar } from '../../kit/avatar.tsx';
import { Time } from '../../kit/time.tsx';
import { useText } from '../../text/language.tsx';
import { FileIcon } from '../files/file-icon.tsx';
import { FileName } from '../files/file-name.tsx';
import styles from './search.module.css';
import { text } from './text.ts';

/** What was found, best first; each leads to its place in its room. */
export function SearchHits({
  hits,
  rooms,
  isOneRoom,
}: {
  readonly hits: readonly SearchHit[];
  readonly rooms: readonly RoomView[];
  readonly isOneRoom: boolean;
}): JSX.Element {
  const words = useText(text);
  const names = new Map(rooms.map(({ id, name }) => [id, name]));
  return (
    <ul aria-label={words.hits} className={styles['hits']}>
      {hits.map((hit) => (
        <li key={`${hit.room}/${hit.id}`}>
          <RoomLink room={hit.room} at={hit.id} className={styles['hit']}>
            {hit.file === null ? <Avatar name={hit.author} /> : <FileIcon name={hit.file.name} />}
            <span className={styles['body']}>
              <span className={styles['facts']}>
                <bdi className={styles['author']}>{hit.author}</bdi>
                {!isOneRoom && <bdi className={styles['room']}>{names.get(hit.room) ?? ''}</bdi>}
                <Time at={hit.at} />
              </span>
              {hit.file !== null && <FileName name={hit.file.name} />}
              {hit.file?.name !== hit.snippet && <Marked hit={hit} />}
            </span>
          </RoomLink>
        </li>
      ))}
    </ul>
  );
}

function Marked({ hit: { snippet, marks } }: { readonly hit: SearchHit }): JSX.Element {
  const pieces: JSX.Element[] = [];
  let at = 0;
  for (const [from, to] of marks) {
    pieces.push(<span key={at}>{snippet.slice(at, from)}</span>, <mark key={from}>{snippet.slice(from, to)}</mark>);
    at = to;
  }
  return (
    <span className={styles['snippet']} dir="auto">
      {pieces}
      {snippet.slice(at)}
    </span>
  );
}
