import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { watchKept } from './app/kept-accounts.ts';
import { createQueries } from './app/queries.ts';
import { router } from './app/router.tsx';
import { startVaults } from './app/start-vaults.ts';
import { applyTheme } from './app/theme.ts';
import { VaultsProvider } from './app/vaults.tsx';
import './design/tokens.css';
import './design/base.css';
import { startRelease } from './release/release.ts';
import { ReleaseGuard } from './release/release-guard.tsx';
import { LanguageProvider } from './text/language.tsx';

applyTheme();
startRelease();
const vaults = startVaults();
watchKept(vaults);
const lock = (): void => void vaults.gate.lock();
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <LanguageProvider>
        <QueryClientProvider client={createQueries()}>
          <VaultsProvider vaults={vaults}>
            <ReleaseGuard onUnguarded={lock}>
              <RouterProvider router={router} />
            </ReleaseGuard>
          </VaultsProvider>
        </QueryClientProvider>
      </LanguageProvider>
    </StrictMode>,
  );
}
