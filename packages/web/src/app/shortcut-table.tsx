import type { JSX } from 'react';
import { useText } from '../text/language.tsx';
import styles from './shortcut-table.module.css';
import { shortcutText } from './shortcut-text.ts';
import { keysOf, type ShortcutId, type ShortcutScope, shortcuts } from './shortcuts.ts';

/** The table of shortcuts, for people: by where they work. */
export function ShortcutTable(): JSX.Element {
  const words = useText(shortcutText);
  const scopes = Map.groupBy(shortcuts, ({ scope }): ShortcutScope => scope);
  return (
    <div className={styles['scopes']}>
      {[...scopes].map(([scope, rows]) => (
        <section key={scope}>
          <h2>{words.scopes[scope]}</h2>
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
