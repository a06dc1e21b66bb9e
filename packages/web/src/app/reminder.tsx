import { Link } from '@tanstack/react-router';
import { LifeBuoy } from 'lucide-react';
import { type JSX, useEffect, useState } from 'react';
import { defineText, useText } from '../text/language.tsx';
import styles from './status-line.module.css';
import { useOpenVault, useVaults } from './vaults.tsx';

/** What was put off when the account was made: its recovery key. It stays in sight until there is one. */
export function Reminder(): JSX.Element | null {
  const words = useText(text);
  if (!useIsKeyMissing()) return null;
  return (
    <Link to="/kit" className={styles['reminder']} data-tone="warning" title={words.why}>
      <LifeBuoy aria-hidden="true" />
      {words.missing}
    </Link>
  );
}

/** Asked whenever the connection comes or goes: another device may have made the key. */
function useIsKeyMissing(): boolean {
  const { box } = useVaults();
  const { address, connection } = useOpenVault();
  const [missing, setMissing] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a connection that comes is a reason to ask.
  useEffect(() => {
    let isOver = false;
    box.showAccount().then(
      ({ waysBack }) => !isOver && setMissing(waysBack.includes('recovery-key') ? null : address),
      // Locked meanwhile: nothing is shown any more.
      () => setMissing(null),
    );
    return () => {
      isOver = true;
    };
  }, [box, address, connection.online]);
  return missing === address;
}

const text = defineText({
  en: {
    missing: 'No recovery key yet',
    why: 'If this browser loses its keys and you have no other device, your account is lost.',
  },
  de: {
    missing: 'Noch kein Wiederherstellungsschlüssel',
    why: 'Verliert dieser Browser seine Schlüssel und haben Sie kein anderes Gerät, ist Ihr Konto verloren.',
  },
});
