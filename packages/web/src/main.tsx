import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueries } from './app/queries.ts';
import { router } from './app/router.tsx';
import { startVaults } from './app/start-vaults.ts';
import { applyTheme } from './app/theme.ts';
import { VaultsProvider } from './app/vaults.tsx';
import './design/tokens.css';
import './design/base.css';
import { LanguageProvider } from './text/language.tsx';

applyTheme();
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <LanguageProvider>
        <QueryClientProvider client={createQueries()}>
          <VaultsProvider vaults={startVaults()}>
            <RouterProvider router={router} />
          </VaultsProvider>
        </QueryClientProvider>
      </LanguageProvider>
    </StrictMode>,
  );
}
