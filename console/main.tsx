/** Entry of the console: styles, providers, router. */
import '@cloudscape-design/global-styles/index.css';
import 'virtual:headwater-theme.css';
import './theme/console.css';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import english from '@cloudscape-design/components/i18n/messages/all.en';
import { applyDensity, Density } from '@cloudscape-design/global-styles';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { queryClient } from './api/query-client.ts';
import { router } from './routes.tsx';
import { startColorMode } from './ui/color-mode.ts';

startColorMode();
applyDensity(Density.Compact);

const root = document.getElementById('root');
if (root === null) throw new Error('Cannot draw the console: index.html has no element "root"');
createRoot(root).render(
  <StrictMode>
    <I18nProvider locale="en" messages={[english]}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>
  </StrictMode>,
);
