import type { MessageView } from '@sotto/keybox';
import type { JSX } from 'react';
import { DeleteDialog } from './delete-dialog.tsx';
import { DetailsDialog } from './details-dialog.tsx';
import { ForwardDialog } from './forward-dialog.tsx';

/** What is asked or told about a message. */
export interface Asked {
  readonly kind: 'forward' | 'delete' | 'details';
  readonly message: MessageView;
}

export function RoomDialogs({ asked, onClose }: { readonly asked: Asked; onClose(): void }): JSX.Element {
  const Shown = DIALOGS[asked.kind];
  return <Shown message={asked.message} onClose={onClose} />;
}

const DIALOGS = { forward: ForwardDialog, delete: DeleteDialog, details: DetailsDialog } as const;
