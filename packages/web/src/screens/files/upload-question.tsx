import type { JSX } from 'react';
import type { NewUpload } from '../../app/uploads.ts';
import { Button } from '../../kit/button.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import { sizeText } from '../../text/measures.ts';
import type { Offer } from './offer.ts';
import styles from './upload-question.module.css';
import { text } from './upload-text.ts';

/** Asks how files are to be sent: all of a folder, many at once, names that the room has already. */
export function UploadQuestion({
  offer,
  onAnswer,
}: {
  readonly offer: Offer;
  onAnswer(files: readonly NewUpload[]): void;
}): JSX.Element {
  const words = useText(text).question;
  const { format } = useLanguage();
  const { given, twins } = offer;
  const { files, folders } = given;
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const asNew = (): void => onAnswer(files.map((content) => ({ content })));
  return (
    <Dialog
      title={twins.size > 0 ? words.taken(twins.size) : words.title(files.length)}
      isOpen
      onClose={() => onAnswer([])}
      actions={
        <>
          <Button onPress={() => onAnswer([])}>{words.cancel}</Button>
          {files.length > 0 && (
            <Button kind={twins.size > 0 ? 'secondary' : 'primary'} onPress={asNew}>
              {twins.size > 0 ? words.both : words.send}
            </Button>
          )}
          {twins.size > 0 && (
            <Button kind="primary" onPress={() => onAnswer(files.map((content) => versionOf(content, twins)))}>
              {words.version}
            </Button>
          )}
        </>
      }
    >
      {folders.length > 0 && (
        <p>
          {words.folder} <bdi>{folders.join(', ')}</bdi>
        </p>
      )}
      {folders.length > 0 && <p>{files.length === 0 ? words.nothing : words.flat}</p>}
      {files.length > 1 && <p>{words.all(files.length, sizeText(bytes, format))}</p>}
      {twins.size > 0 && (
        <>
          <ul className={styles['names']}>
            {[...twins.values()].slice(0, SHOWN).map(({ id, name }) => (
              <li key={id}>
                <bdi>{name}</bdi>
              </li>
            ))}
          </ul>
          {twins.size > SHOWN && <p>{words.more(twins.size - SHOWN)}</p>}
          <p>{words.choice}</p>
        </>
      )}
    </Dialog>
  );
}

function versionOf(content: File, twins: Offer['twins']): NewUpload {
  const twin = twins.get(content);
  return twin === undefined ? { content } : { content, replaces: twin.id, name: twin.name };
}

const SHOWN = 6;
