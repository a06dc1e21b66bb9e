import { Check } from 'lucide-react';
import { type JSX, useSyncExternalStore } from 'react';
import styles from './toast-region.module.css';
import { onToasts, shownToasts } from './toasts.ts';

/** Where `say` is seen and heard; once, in the frame of all screens. */
export function ToastRegion(): JSX.Element {
  const toasts = useSyncExternalStore(onToasts, shownToasts);
  return (
    <div className={styles['region']} aria-live="polite" aria-atomic="false">
      {toasts.map(({ id, words }) => (
        <p key={id} className={styles['toast']}>
          <Check aria-hidden="true" />
          {words}
        </p>
      ))}
    </div>
  );
}
