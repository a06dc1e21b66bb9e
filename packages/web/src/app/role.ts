import type { AccountRole } from '@sotto/protocol';
import { useEffect, useState } from 'react';
import { useOpenVault, useVaults } from './vaults.tsx';

/** What the open account may do in the administration; null while the server has not said. */
export function useRole(): AccountRole | null {
  const { box } = useVaults();
  const { address, connection } = useOpenVault();
  const [known, setKnown] = useState<{ readonly address: string; readonly role: AccountRole } | null>(null);
  const isOnline = connection.online;
  useEffect(() => {
    if (!isOnline) return;
    // Without an answer nothing is offered; whoever goes there by its address is told what keeps it away.
    box.admin.ownRole().then(
      (role) => setKnown({ address, role }),
      () => setKnown(null),
    );
  }, [box, address, isOnline]);
  return known?.address === address ? known.role : null;
}
