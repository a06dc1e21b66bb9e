import type { PresenceView } from '@sotto/keybox';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useOpenVault, useVaults } from './vaults.tsx';

/** Who is there, by address; nobody while the server is out of reach. */
export function usePresence(): ReadonlyMap<string, PresenceView> {
  const { box } = useVaults();
  const { connection } = useOpenVault();
  const { data } = useQuery({
    queryKey: ['presence'],
    queryFn: () => box.presence.list(),
    enabled: connection.online,
    refetchInterval: MINUTE,
  });
  return useMemo(
    () => new Map((connection.online ? (data ?? []) : []).map((view) => [view.address, view])),
    [data, connection.online],
  );
}

const MINUTE = 60_000;
