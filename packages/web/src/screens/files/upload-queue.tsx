import type { JSX } from 'react';
import { useUploads } from '../../app/uploads-provider.tsx';
import { useText } from '../../text/language.tsx';
import { BrokenUploads } from './broken-uploads.tsx';
import styles from './upload-queue.module.css';
import { UploadRow } from './upload-row.tsx';
import { text } from './upload-text.ts';

/** What is on its way into a room, above its composer and its files; nothing while there is nothing. */
export function UploadQueue({ room }: { readonly room: string }): JSX.Element {
  const words = useText(text).queue;
  const uploads = useUploads(room);
  return (
    <section className={styles['queue']} aria-label={words.title}>
      <BrokenUploads room={room} />
      {uploads.length > 0 && (
        <ul className={styles['list']}>
          {uploads.map((upload) => (
            <UploadRow key={upload.id} upload={upload} />
          ))}
        </ul>
      )}
    </section>
  );
}
