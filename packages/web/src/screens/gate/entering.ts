import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import { useVaultState } from '../../app/vaults.tsx';

/** Goes to where a person wanted to be. */
export function useEnter(): () => void {
  const { next } = useSearch({ from: '/gate' });
  const navigate = useNavigate();
  return useCallback(() => {
    if (next === undefined) void navigate({ to: '/rooms', replace: true });
    else void navigate({ href: next, replace: true });
  }, [next, navigate]);
}

/** The same by itself, once the account that is meant is open. */
export function useEntering(isMeant: boolean): void {
  const enter = useEnter();
  const isOpen = useVaultState().kind === 'open';
  useEffect(() => {
    if (isOpen && isMeant) enter();
  }, [isOpen, isMeant, enter]);
}
