import type { FileView } from '@sotto/keybox';
import { Link, useParams } from '@tanstack/react-router';
import { ArrowLeft, FileSearch, FolderOpen, Upload } from 'lucide-react';
import { type JSX, useMemo, useRef, useState } from 'react';
import { FileTrigger } from 'react-aria-components';
import { useDownloadDesk } from '../../app/downloads-provider.tsx';
import { useRead } from '../../app/queries.ts';
import { RoomLink } from '../../app/room-link.tsx';
import { useUploadDesk, useUploads } from '../../app/uploads-provider.tsx';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import { sizeText } from '../../text/measures.ts';
import { useSearchForm } from '../search/search-form.ts';
import { DownloadList } from './download-list.tsx';
import { FileDrop } from './file-drop.tsx';
import { arranged, type FileOrder } from './file-order.ts';
import { FilePreview } from './file-preview.tsx';
import { FileRemoval } from './file-removal.tsx';
import { type FileDeeds, FileRow } from './file-row.tsx';
import { FileTools } from './file-tools.tsx';
import { FileVersions } from './file-versions.tsx';
import styles from './files.module.css';
import { text } from './text.ts';
import { UploadQueue } from './upload-queue.tsx';

/** All files of a room. */
export function Files(): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  const { room } = useParams({ from: '/inside/rooms/$room/files' });
  const files = useRead(['files', room], ({ box }) => box.files.list(room));
  const name = useRead(['rooms'], ({ box }) => box.listRooms()).find(({ id }) => id === room)?.name ?? '';
  const { offer } = useUploadDesk();
  const uploads = useUploads(room);
  const [, keep] = useSearchForm();
  const [look, setLook] = useState<'list' | 'grid'>('list');
  const [order, setOrder] = useState<FileOrder>('newest');
  const [wanted, setWanted] = useState('');
  const { deeds, dialogs } = useDeeds(room);
  const shown = useMemo(() => arranged(files, { order, wanted, format }), [files, order, wanted, format]);
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return (
    <FileDrop room={room}>
      <div className={styles['files']}>
        <header className={styles['header']}>
          <RoomLink room={room} className={styles['back']} label={words.back}>
            <ArrowLeft aria-hidden="true" />
          </RoomLink>
          <div className={styles['title']}>
            <h1>
              {words.title} <bdi className={styles['room']}>{name}</bdi>
            </h1>
            {files.length > 0 && <p>{words.count(files.length, sizeText(bytes, format))}</p>}
          </div>
          <FileTrigger allowsMultiple onSelect={(chosen) => offer(room, { files: [...(chosen ?? [])], folders: [] })}>
            <Button kind="primary" icon={<Upload />}>
              {words.add}
            </Button>
          </FileTrigger>
        </header>
        <UploadQueue room={room} />
        <DownloadList room={room} />
        {files.length > 0 && (
          <FileTools
            look={look}
            order={order}
            wanted={wanted}
            onLook={setLook}
            onOrder={setOrder}
            onWanted={setWanted}
          />
        )}
        {files.length === 0 && uploads.length === 0 && (
          <EmptyState picture={<FolderOpen />} title={words.none}>
            {words.begin}
          </EmptyState>
        )}
        {files.length > 0 && shown.length === 0 && (
          <EmptyState picture={<FileSearch />} title={words.nothing(wanted)}>
            <Link to="/search" search={{ room }} onClick={() => keep({ words: wanted })}>
              {words.everywhere}
            </Link>
          </EmptyState>
        )}
        {shown.length > 0 && (
          <ul className={styles['list']} data-look={look} aria-label={words.list}>
            {shown.map((file) => (
              <FileRow key={file.id} file={file} deeds={deeds} look={look} />
            ))}
          </ul>
        )}
      </div>
      {dialogs}
    </FileDrop>
  );
}

type Open =
  | { readonly kind: 'show' | 'history' | 'remove'; readonly file: FileView }
  | { readonly kind: 'remove-version'; readonly file: FileView };

/** What rows ask for, and the dialogs that do it. */
function useDeeds(room: string): { readonly deeds: FileDeeds; readonly dialogs: JSX.Element } {
  const { download } = useDownloadDesk();
  const { uploads } = useUploadDesk();
  const [open, setOpen] = useState<Open | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const replaced = useRef<FileView | null>(null);
  const close = (): void => setOpen(null);
  const deeds: FileDeeds = {
    show: (file) => setOpen({ kind: 'show', file }),
    save: download,
    history: (file) => setOpen({ kind: 'history', file }),
    remove: (file) => setOpen({ kind: 'remove', file }),
    replace(file) {
      replaced.current = file;
      picker.current?.click();
    },
  };
  const dialogs = (
    <>
      <input
        ref={picker}
        type="file"
        hidden
        onChange={({ target }) => {
          const [content] = target.files ?? [];
          const old = replaced.current;
          if (content !== undefined && old !== null) uploads.add(room, [{ content, name: old.name, replaces: old.id }]);
          target.value = '';
        }}
      />
      {open?.kind === 'show' && <FilePreview file={open.file} onClose={close} />}
      {open?.kind === 'history' && (
        <FileVersions
          file={open.file}
          onShow={(file) => setOpen({ kind: 'show', file })}
          onSave={download}
          onRemove={(file) => setOpen({ kind: 'remove-version', file })}
          onClose={close}
        />
      )}
      {open?.kind === 'remove' && <FileRemoval file={open.file} onClose={close} />}
      {open?.kind === 'remove-version' && <FileRemoval file={open.file} version={open.file.version} onClose={close} />}
    </>
  );
  return { deeds, dialogs };
}
