import { useParams } from '@tanstack/react-router';
import { FolderOpen, Upload } from 'lucide-react';
import type { JSX } from 'react';
import { FileTrigger } from 'react-aria-components';
import { useRead } from '../../app/queries.ts';
import { useUploadDesk } from '../../app/uploads-provider.tsx';
import { Button } from '../../kit/button.tsx';
import { EmptyState } from '../../kit/empty-state.tsx';
import { useText } from '../../text/language.tsx';
import { FileDrop } from './file-drop.tsx';
import { FileRow } from './file-row.tsx';
import styles from './files.module.css';
import { text } from './text.ts';
import { UploadQueue } from './upload-queue.tsx';

/** All files of a room. */
export function Files(): JSX.Element {
  const words = useText(text);
  const { room } = useParams({ from: '/inside/rooms/$room/files' });
  const files = useRead(['files', room], ({ box }) => box.files.list(room));
  const { offer } = useUploadDesk();
  const add = (
    <FileTrigger allowsMultiple onSelect={(chosen) => offer(room, { files: [...(chosen ?? [])], folders: [] })}>
      <Button kind="primary" icon={<Upload />}>
        {words.add}
      </Button>
    </FileTrigger>
  );
  return (
    <FileDrop room={room}>
      <div className={styles['files']}>
        <header className={styles['header']}>
          <h1>{words.title}</h1>
          {add}
        </header>
        <UploadQueue room={room} />
        {files.length === 0 ? (
          <EmptyState picture={<FolderOpen />} title={words.none}>
            {words.begin}
          </EmptyState>
        ) : (
          <ul className={styles['list']}>
            {files.map((file) => (
              <FileRow key={file.id} file={file} />
            ))}
          </ul>
        )}
      </div>
    </FileDrop>
  );
}
