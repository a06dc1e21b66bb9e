import { File, FileArchive, FileAudio, FileCode, FileImage, FileSpreadsheet, FileText, FileVideo } from 'lucide-react';
import type { JSX } from 'react';
import styles from './file-icon.module.css';
import { type FileKind, kindOfFile } from './file-kind.ts';

/** A picture for what kind of file it is, going by its name. */
export function FileIcon({ name, size = 'm' }: { readonly name: string; readonly size?: 'm' | 'l' }): JSX.Element {
  const kind = kindOfFile(name);
  const Icon = ICONS[kind];
  return (
    <span className={styles['icon']} data-kind={kind} data-size={size} aria-hidden="true">
      <Icon />
    </span>
  );
}

const ICONS: Readonly<Record<FileKind, typeof File>> = {
  image: FileImage,
  audio: FileAudio,
  video: FileVideo,
  pdf: FileText,
  text: FileText,
  code: FileCode,
  table: FileSpreadsheet,
  archive: FileArchive,
  program: FileCode,
  other: File,
};
