import type { FileView } from '@sotto/keybox';
import type { JSX } from 'react';
import { useDo } from '../../app/queries.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { useText } from '../../text/language.tsx';
import { FileName } from './file-name.tsx';
import { text } from './text.ts';

/** Asks before a file, or one version of it, is taken back. */
export function FileRemoval({
  file,
  version,
  onClose,
}: {
  readonly file: FileView;
  /** By default all of them. */
  readonly version?: number;
  onClose(): void;
}): JSX.Element {
  const words = useText(text).removal;
  const { room, id, name } = file;
  const { mutate, isPending, error } = useDo(({ box }, only: number | undefined) =>
    box.files.remove(room, id, only === undefined ? {} : { version: only }),
  );
  return (
    <ConfirmDialog
      title={version === undefined ? words.title : words.one}
      action={words.do}
      isDangerous
      isOpen
      isPending={isPending}
      fault={error}
      onConfirm={() => mutate(version, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>
        <FileName name={name} />
      </p>
      <p>{words.what}</p>
    </ConfirmDialog>
  );
}
