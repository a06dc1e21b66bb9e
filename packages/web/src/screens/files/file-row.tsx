import type { FileView } from '@sotto/keybox';
import type { JSX } from 'react';
import { useLanguage } from '../../text/language.tsx';
import { sizeText } from '../../text/measures.ts';
import { FileIcon } from './file-icon.tsx';
import styles from './files.module.css';

/** One file of a room in a list. */
export function FileRow({ file }: { readonly file: FileView }): JSX.Element {
  const { format } = useLanguage();
  return (
    <li className={styles['row']}>
      <FileIcon name={file.name} />
      <bdi>{file.name}</bdi>
      <span>{sizeText(file.sizeBytes, format)}</span>
    </li>
  );
}
