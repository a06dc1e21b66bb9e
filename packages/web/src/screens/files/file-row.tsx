import type { FileView } from '@sotto/keybox';
import { Download, Ellipsis, Eye, History, Trash2, Upload } from 'lucide-react';
import type { JSX } from 'react';
import { IconButton } from '../../kit/button.tsx';
import { CoverButton } from '../../kit/cover-button.tsx';
import { Menu, type MenuEntry } from '../../kit/menu.tsx';
import { Time } from '../../kit/time.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import { sizeText } from '../../text/measures.ts';
import { FileIcon } from './file-icon.tsx';
import { isShown } from './file-kind.ts';
import { FileName } from './file-name.tsx';
import styles from './files.module.css';
import { text } from './text.ts';

/** What can be done with one file of the list. */
export interface FileDeeds {
  /** By default the newest version. */
  show(file: FileView): void;
  save(file: FileView): void;
  history(file: FileView): void;
  replace(file: FileView): void;
  remove(file: FileView): void;
}

/** One file of a room, as a row of the list or a card of the grid. */
export function FileRow({
  file,
  deeds,
  look,
}: {
  readonly file: FileView;
  readonly deeds: FileDeeds;
  readonly look: 'list' | 'grid';
}): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  const { name, sizeBytes, version, author, at, renamed, n } = file;
  const open = isShown(file) ? deeds.show : deeds.save;
  return (
    <li className={styles['file']}>
      <div className={styles['row']}>
        <FileIcon name={name} size={look === 'grid' ? 'l' : 'm'} />
        <span className={styles['what']}>
          <CoverButton
            label={isShown(file) ? words.deeds.show(name) : words.deeds.save(name)}
            onPress={() => open(file)}
          >
            <FileName name={name} />
          </CoverButton>
          <span className={styles['facts']}>
            <span>{sizeText(sizeBytes, format)}</span>
            {version > 1 && <span>{words.version(version)}</span>}
            {renamed && <span title={words.renamed}>{words.changed}</span>}
            {n === null && <span>{words.queued}</span>}
          </span>
        </span>
        <span className={styles['who']}>
          <bdi>{author}</bdi>
          <Time at={at} />
        </span>
      </div>
      <Menu
        label={words.deeds.menu(name)}
        trigger={<IconButton label={words.deeds.menu(name)} icon={<Ellipsis />} />}
        entries={entriesOf(file, deeds, words.deeds)}
      />
    </li>
  );
}

function entriesOf(
  file: FileView,
  deeds: FileDeeds,
  words: (typeof text)['en']['deeds'],
): readonly (MenuEntry | null)[] {
  const show = isShown(file)
    ? [{ id: 'show', label: words.preview, icon: <Eye />, onAction: () => deeds.show(file) }]
    : [];
  return [
    ...show,
    { id: 'save', label: words.download, icon: <Download />, onAction: () => deeds.save(file) },
    { id: 'history', label: words.versions, icon: <History />, onAction: () => deeds.history(file) },
    { id: 'replace', label: words.replace, icon: <Upload />, onAction: () => deeds.replace(file) },
    null,
    { id: 'remove', label: words.remove, icon: <Trash2 />, tone: 'danger', onAction: () => deeds.remove(file) },
  ];
}
