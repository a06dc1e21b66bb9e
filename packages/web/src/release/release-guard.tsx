import { type JSX, type ReactNode, useEffect, useState, useSyncExternalStore } from 'react';
import { Button } from '../kit/button.tsx';
import { useText } from '../text/language.tsx';
import { type ReleaseStatus, releaseStatus, subscribeRelease, switchRelease } from './release.ts';
import styles from './release-guard.module.css';
import { ReleaseRefused } from './release-refused.tsx';
import { isWithoutGuardian } from './state.ts';
import { text } from './text.ts';

/** What this page knows of its release. */
export function useRelease(): ReleaseStatus {
  return useSyncExternalStore(subscribeRelease, releaseStatus);
}

/** Stands around everything: puts a refused release before all else, and offers one that passed. */
export function ReleaseGuard({
  children,
  onUnguarded,
}: {
  readonly children: ReactNode;
  /** The worker that checks everything is no longer to be trusted: what is open has to be locked. */
  onUnguarded(): void;
}): JSX.Element {
  const { refusal } = useRelease();
  const isUnguarded = refusal !== null && isWithoutGuardian(refusal);
  useEffect(() => {
    if (isUnguarded) onUnguarded();
  }, [isUnguarded, onUnguarded]);
  if (refusal !== null) return <ReleaseRefused refusal={refusal} />;
  return (
    <>
      {children}
      <ReleaseReady />
    </>
  );
}

function ReleaseReady(): JSX.Element {
  const words = useText(text);
  const { update } = useRelease();
  const [putOff, setPutOff] = useState<string | null>(null);
  const isShown = update !== null && update.hash !== putOff;
  return (
    <div role="status" className={styles['place']}>
      {isShown && (
        <div className={styles['ready']}>
          <p>{words.ready}</p>
          <Button kind="quiet" onPress={() => setPutOff(update.hash)}>
            {words.later}
          </Button>
          <Button kind="primary" onPress={() => void switchRelease()}>
            {words.restart}
          </Button>
        </div>
      )}
    </div>
  );
}
