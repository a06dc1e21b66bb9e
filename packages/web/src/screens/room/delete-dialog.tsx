import type { MessageView } from '@sotto/keybox';
import type { JSX } from 'react';
import { useDo } from '../../app/queries.ts';
import { ConfirmDialog } from '../../kit/confirm-dialog.tsx';
import { useText } from '../../text/language.tsx';
import { useRoomDesk } from './room-context.tsx';
import { text } from './text.ts';

/** Asks before a message is deleted, and says what that does and does not do. */
export function DeleteDialog({ message, onClose }: { readonly message: MessageView; onClose(): void }): JSX.Element {
  const words = useText(text).remove;
  const { timeline } = useRoomDesk();
  const remove = useDo(async ({ box }, _: undefined) => {
    const settle = timeline.assume(message.id, (shown) => ({ ...shown, text: '', reactions: [], state: 'deleted' }));
    try {
      await box.deleteMessage(message.room, message.id);
    } finally {
      settle();
    }
  });
  return (
    <ConfirmDialog
      title={words.title}
      action={words.action}
      isDangerous
      isOpen
      isPending={remove.isPending}
      fault={remove.error}
      onClose={onClose}
      onConfirm={() => remove.mutate(undefined, { onSuccess: onClose })}
    >
      <p>{words.what}</p>
      <p>{words.cannot}</p>
    </ConfirmDialog>
  );
}
