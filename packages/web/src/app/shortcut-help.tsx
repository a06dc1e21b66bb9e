import type { JSX } from 'react';
import { Dialog } from '../kit/dialog.tsx';
import { useText } from '../text/language.tsx';
import { ShortcutTable } from './shortcut-table.tsx';
import { shortcutText } from './shortcut-text.ts';

/** The table of shortcuts, over whatever is shown. */
export function ShortcutHelp({ onClose }: { onClose(): void }): JSX.Element {
  const words = useText(shortcutText);
  return (
    <Dialog title={words.title} isOpen onClose={onClose} wide>
      <ShortcutTable />
    </Dialog>
  );
}
