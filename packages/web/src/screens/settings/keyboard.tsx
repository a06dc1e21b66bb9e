import type { JSX } from 'react';
import { ShortcutTable } from '../../app/shortcut-table.tsx';
import { shortcutText } from '../../app/shortcut-text.ts';
import { Page } from '../../kit/page.tsx';
import { useText } from '../../text/language.tsx';

/** Every key that does something. */
export function Keyboard(): JSX.Element {
  const words = useText(shortcutText);
  return (
    <Page title={words.title} lead={words.lead} back="/settings/{-$part}">
      <ShortcutTable />
    </Page>
  );
}
