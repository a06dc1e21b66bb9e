import { Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { type JSX, useEffect } from 'react';
import { DownloadsProvider } from './downloads-provider.tsx';
import { Loading } from './loading.tsx';
import { isGatePath, isReadBehindHash } from './paths.ts';
import { Unusable } from './unusable.tsx';
import { UploadsProvider } from './uploads-provider.tsx';
import { useVaultState } from './vaults.tsx';

/** Lets nobody past who has not opened an account, and brings them back to where they wanted to be. */
export function Gatekeeper(): JSX.Element {
  return (
    <UploadsProvider>
      <DownloadsProvider>
        <Gate />
      </DownloadsProvider>
    </UploadsProvider>
  );
}

function Gate(): JSX.Element {
  const state = useVaultState();
  const { pathname, hash, href } = useLocation();
  const navigate = useNavigate();
  const isAtGate = isGatePath(pathname);
  const isLockedOut = state.kind === 'locked' && !isAtGate;
  useEffect(() => {
    if (isLockedOut) void navigate({ to: '/welcome', search: href === '/' ? {} : { next: href }, replace: true });
  }, [isLockedOut, href, navigate]);
  useEffect(() => {
    // What an invitation proves its server with has no place in the history of the browser once it was read.
    if (!isReadBehindHash(pathname) && hash !== '') void navigate({ to: '.', hash: '', replace: true });
  }, [pathname, hash, navigate]);
  if (state.kind === 'unusable') return <Unusable reason={state.reason} />;
  if (state.kind === 'starting' || isLockedOut) return <Loading />;
  return <Outlet />;
}
