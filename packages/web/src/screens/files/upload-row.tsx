import { Pause, Play, X } from 'lucide-react';
import type { JSX } from 'react';
import { ProgressBar } from 'react-aria-components';
import type { UploadView } from '../../app/uploads.ts';
import { useUploadDesk } from '../../app/uploads-provider.tsx';
import { Button, IconButton } from '../../kit/button.tsx';
import { FaultNotice } from '../../kit/fault-notice.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import { durationText, sizeText } from '../../text/measures.ts';
import { FileIcon } from './file-icon.tsx';
import styles from './upload-queue.module.css';
import { text } from './upload-text.ts';

/** One upload: how far it is, and what can be done about it. */
export function UploadRow({ upload }: { readonly upload: UploadView }): JSX.Element {
  const words = useText(text).queue;
  const { uploads } = useUploadDesk();
  const { id, name, state, sizeBytes, doneBytes, fault, renamedFrom } = upload;
  const share = sizeBytes === 0 ? 0 : Math.floor((doneBytes / sizeBytes) * 100);
  return (
    <li className={styles['upload']} data-state={state}>
      <FileIcon name={name} />
      <div className={styles['what']}>
        <bdi className={styles['name']}>{name}</bdi>
        <Standing upload={upload} />
        {renamedFrom !== null && <span className={styles['state']}>{words.renamed(name)}</span>}
      </div>
      <div className={styles['actions']}>
        {(state === 'running' || state === 'queued') && (
          <IconButton label={words.pause(name)} icon={<Pause />} onPress={() => uploads.pause(id)} />
        )}
        {(state === 'paused' || state === 'waiting') && (
          <IconButton label={words.resume(name)} icon={<Play />} onPress={() => uploads.resume(id)} />
        )}
        <IconButton label={words.cancel(name)} icon={<X />} onPress={() => uploads.cancel(id)} />
      </div>
      <ProgressBar className={styles['bar'] ?? ''} aria-label={name} value={share}>
        {({ percentage }) => <span style={{ inlineSize: `${percentage ?? 0}%` }} />}
      </ProgressBar>
      {fault !== null && (
        <div className={styles['fault']}>
          <FaultNotice fault={fault} actions={<Button onPress={() => uploads.resume(id)}>{words.retry}</Button>} />
        </div>
      )}
    </li>
  );
}

function Standing({ upload }: { readonly upload: UploadView }): JSX.Element {
  const words = useText(text).queue;
  const { format } = useLanguage();
  const { state, doneBytes, sizeBytes, secondsLeft } = upload;
  const parts = [words.state[state]];
  if (state !== 'failed') parts.push(words.done(sizeText(doneBytes, format), sizeText(sizeBytes, format)));
  if (state === 'running' && secondsLeft !== null) parts.push(words.left(durationText(secondsLeft, format)));
  return <span className={styles['state']}>{parts.join(' · ')}</span>;
}
