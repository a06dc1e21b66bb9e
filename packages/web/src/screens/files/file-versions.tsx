import type { FileView } from '@sotto/keybox';
import { useQuery } from '@tanstack/react-query';
import { Download, Eye, Trash2 } from 'lucide-react';
import type { JSX } from 'react';
import { useVaults } from '../../app/vaults.tsx';
import { Badge } from '../../kit/badge.tsx';
import { IconButton } from '../../kit/button.tsx';
import { Dialog } from '../../kit/dialog.tsx';
import { List, ListRow } from '../../kit/list-row.tsx';
import { Time } from '../../kit/time.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import { sizeText } from '../../text/measures.ts';
import { isShown } from './file-kind.ts';
import styles from './files.module.css';
import { text } from './text.ts';

export interface FileVersionsProps {
  readonly file: FileView;
  onShow(version: FileView): void;
  onSave(version: FileView): void;
  onRemove(version: FileView): void;
  onClose(): void;
}

/** The history of a file: who sent which version when, each of which can still be had. */
export function FileVersions({ file, onShow, onSave, onRemove, onClose }: FileVersionsProps): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  const { box } = useVaults();
  const { room, id, name } = file;
  const { data = [file] } = useQuery({
    queryKey: ['file-versions', room, id],
    queryFn: () => box.files.versions(room, id).catch(() => []),
  });
  return (
    <Dialog title={words.history.title(name)} isOpen onClose={onClose} wide>
      <List label={words.history.title(name)}>
        {data.toReversed().map((each, at) => (
          <ListRow
            key={each.record}
            title={
              <>
                {words.version(each.version)} {at === 0 && <Badge>{words.history.newest}</Badge>}
              </>
            }
            detail={
              <>
                <bdi>{each.author}</bdi> · <Time at={each.at} isExact /> · {sizeText(each.sizeBytes, format)}
                <code className={styles['hash']} title={words.history.hash}>
                  {each.contentHash}
                </code>
              </>
            }
            end={
              <>
                {isShown(each) && (
                  <IconButton
                    label={words.deeds.show(words.version(each.version))}
                    icon={<Eye />}
                    onPress={() => onShow(each)}
                  />
                )}
                <IconButton
                  label={words.deeds.save(words.version(each.version))}
                  icon={<Download />}
                  onPress={() => onSave(each)}
                />
                <IconButton
                  label={words.history.remove(each.version)}
                  icon={<Trash2 />}
                  onPress={() => onRemove(each)}
                />
              </>
            }
          />
        ))}
      </List>
    </Dialog>
  );
}
