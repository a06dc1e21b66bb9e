import type { MessageView } from '@sotto/keybox';
import { Download } from 'lucide-react';
import { type JSX, lazy, Suspense, useState } from 'react';
import type { FileSubject } from '../../app/downloads.ts';
import { useDownloadDesk } from '../../app/downloads-provider.tsx';
import { IconButton } from '../../kit/button.tsx';
import { CoverButton } from '../../kit/cover-button.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import { sizeText } from '../../text/measures.ts';
import { FileIcon } from './file-icon.tsx';
import { isShown } from './file-kind.ts';
import styles from './file-message.module.css';
import { text } from './file-message-text.ts';
import { FileName } from './file-name.tsx';
import { VoiceMessage } from './voice-message.tsx';

const FilePreview = lazy(() => import('./file-preview.tsx').then((module) => ({ default: module.FilePreview })));

/** A message that is a file, in the timeline; null for any other message. */
export function FileMessage({ message }: { readonly message: MessageView }): JSX.Element | null {
  if (message.file === undefined) return null;
  const { voice, ...facts } = message.file;
  const file = { room: message.room, ...facts };
  return voice === undefined ? <FileCard file={file} /> : <VoiceMessage file={file} voice={voice} />;
}

/** A file as a card: what it is, and what can be done with it. */
function FileCard({ file }: { readonly file: FileSubject }): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  const { download } = useDownloadDesk();
  const [isOpen, setOpen] = useState(false);
  const { name, version, sizeBytes } = file;
  const canShow = isShown(file);
  return (
    <div className={styles['card']}>
      <div className={styles['row']}>
        <FileIcon name={name} />
        <span className={styles['what']}>
          <CoverButton
            label={canShow ? words.show(name) : words.save(name)}
            onPress={() => (canShow ? setOpen(true) : download(file))}
          >
            <FileName name={name} />
          </CoverButton>
          <span className={styles['facts']}>
            {sizeText(sizeBytes, format)}
            {version > 1 && ` · ${words.version(version)}`}
          </span>
        </span>
      </div>
      {canShow ? (
        <IconButton label={words.save(name)} icon={<Download />} onPress={() => download(file)} />
      ) : (
        <Download className={styles['does']} aria-hidden="true" />
      )}
      {isOpen && (
        <Suspense>
          <FilePreview file={file} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
