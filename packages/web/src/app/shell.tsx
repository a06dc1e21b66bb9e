import { Outlet } from '@tanstack/react-router';
import { type JSX, Suspense } from 'react';
import { ToastRegion } from '../kit/toast-region.tsx';
import { defineText, useText } from '../text/language.tsx';
import { AutoLock } from './auto-lock.tsx';
import { Keyboard } from './keyboard.tsx';
import { Loading } from './loading.tsx';
import { Navigation } from './navigation.tsx';
import { Notifier } from './notifier.tsx';
import styles from './shell.module.css';
import { StatusLine } from './status-line.tsx';
import { StorageGone } from './storage-gone.tsx';
import { useVaultState } from './vaults.tsx';

/** The frame around every screen of an open account. */
export function Shell(): JSX.Element {
  const words = useText(text);
  // What was locked is shown no more, also while the way to the gate is still being loaded.
  if (useVaultState().kind !== 'open') return <Loading />;
  return (
    <div className={styles['shell']}>
      <a className={styles['skip']} href="#content">
        {words.skip}
      </a>
      <Navigation />
      <StorageGone />
      <main id="content" className={styles['content']} tabIndex={-1}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
      <StatusLine />
      <ToastRegion />
      <Suspense>
        <AutoLock />
        <Notifier />
      </Suspense>
      <Keyboard />
    </div>
  );
}

const text = defineText({ en: { skip: 'Skip to the content' }, de: { skip: 'Zum Inhalt springen' } });
