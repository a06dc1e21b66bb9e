import type { JSX } from 'react';
import { Dialog } from '../kit/dialog.tsx';
import { useText } from '../text/language.tsx';
import styles from './shortcut-help.module.css';
import { shortcutText } from './shortcut-text.ts';
import { keysOf, type ShortcutId, type ShortcutScope, shortcuts } from './shortcuts.ts';

/** The table of shortcuts, for people. */
export function ShortcutHelp({ onClose }: { onClose(): void }): JSX.Element {
  const words = useText(shortcutText);
  const scopes = Map.groupBy(shortcuts, ({ scope }): ShortcutScope => scope);
  return (
    <Dialog title={words.title} isOpen onClose={onClose} wide>
      <div className={styles['scopes']}>
        {[...scopes].map(([scope, rows]) => (
          <section key={scope}>
            <h3>{words.scopes[scope]}</h3>
            <dl>
              {rows.map(({ id }) => (
                <div key={id} className={styles['row']}>
                  <dt>{words.does[id]}</dt>
                  <dd>
                    <Keys id={id} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** The keys of a shortcut as caps. */
function Keys({ id }: { readonly id: ShortcutId }): JSX.Element {
  return (
    <span className={styles['keys']}>
      {keysOf(id, isMac()).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}

function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
