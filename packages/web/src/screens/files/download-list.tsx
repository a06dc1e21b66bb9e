import { X } from 'lucide-react';
import type { JSX } from 'react';
import type { DownloadView } from '../../app/downloads.ts';
import { useDownloadDesk, useDownloads } from '../../app/downloads-provider.tsx';
import { Button, IconButton } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { ProgressBar } from '../../kit/progress.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import { durationText, sizeText } from '../../text/measures.ts';
import { FileIcon } from './file-icon.tsx';
import { FileName } from './file-name.tsx';
import { text } from './text.ts';
import styles from './upload-queue.module.css';

/** What is on its way out of a room, and how it ended; nothing while there is nothing. */
export function DownloadList({ room }: { readonly room: string }): JSX.Element | null {
  const words = useText(text).transfers;
  const downloads = useDownloads(room);
  if (downloads.length === 0) return null;
  return (
    <section className={styles['queue']} aria-label={words.title} aria-live="polite">
      <ul className={styles['list']}>
        {downloads.map((download) => (
          <DownloadRow key={download.id} download={download} />
        ))}
      </ul>
    </section>
  );
}

function DownloadRow({ download }: { readonly download: DownloadView }): JSX.Element {
  const words = useText(text).transfers;
  const { format } = useLanguage();
  const { downloads } = useDownloadDesk();
  const { id, file, state, doneBytes, secondsLeft, fault } = download;
  const left = secondsLeft === null ? '' : ` · ${words.left(durationText(secondsLeft, format))}`;
  const isRunning = state === 'running';
  return (
    <li className={styles['upload']} data-state={state}>
      <FileIcon name={file.name} />
      <div className={styles['what']}>
        <FileName name={file.name} />
        {isRunning && (
          <ProgressBar
            label={words.running}
            done={doneBytes}
            total={file.sizeBytes}
            value={`${words.done(sizeText(doneBytes, format), sizeText(file.sizeBytes, format))}${left}`}
          />
        )}
        {state === 'saved' && <span className={styles['state']}>{words.saved}</span>}
        {state === 'failed' && <span className={styles['state']}>{words.gone}</span>}
      </div>
      <IconButton
        label={isRunning ? words.cancel(file.name) : words.dismiss(file.name)}
        icon={<X />}
        onPress={() => (isRunning ? downloads.cancel(id) : downloads.dismiss(id))}
      />
      {fault !== null && (
        <div className={styles['fault']}>
          <FaultNotice
            fault={fault}
            actions={
              <Button
                onPress={() => {
                  downloads.dismiss(id);
                  void downloads.start(file);
                }}
              >
                {words.retry}
              </Button>
            }
          />
        </div>
      )}
    </li>
  );
}
