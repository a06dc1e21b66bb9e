import { Upload } from 'lucide-react';
import { type DragEvent, type JSX, type ReactNode, useRef, useState } from 'react';
import { carriesFiles, givenFiles } from '../../app/given-files.ts';
import { useUploadDesk } from '../../app/uploads-provider.tsx';
import { useText } from '../../text/language.tsx';
import styles from './file-drop.module.css';
import { text } from './upload-text.ts';

/** A part of a screen on which files can be dropped to send them to a room; by keyboard there is the picker. */
export function FileDrop({ room, children }: { readonly room: string; readonly children: ReactNode }): JSX.Element {
  const words = useText(text).drop;
  const { offer } = useUploadDesk();
  const [isOver, setOver] = useState(false);
  /** Every element within tells of its own comings and goings. */
  const depth = useRef(0);
  const enter = (event: DragEvent, by: 1 | -1): void => {
    if (!carriesFiles(event.dataTransfer)) return;
    depth.current += by;
    setOver(depth.current > 0);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only a second way, for who has a pointer.
    <div
      className={styles['drop']}
      onDragEnter={(event) => enter(event, 1)}
      onDragLeave={(event) => enter(event, -1)}
      onDragOver={(event) => carriesFiles(event.dataTransfer) && event.preventDefault()}
      onDrop={(event) => {
        if (!carriesFiles(event.dataTransfer)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        void givenFiles(event.dataTransfer).then((given) => offer(room, given));
      }}
    >
      {children}
      {isOver && (
        <div className={styles['over']}>
          <Upload aria-hidden="true" />
          <strong>{words.here}</strong>
          <span>{words.safe}</span>
        </div>
      )}
    </div>
  );
}
