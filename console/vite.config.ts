import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { routeTablePlugin } from './route-table-plugin.ts';
import { themePlugin } from './theme/theme-plugin.ts';

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [themePlugin(), routeTablePlugin(), react()],
  build: {
    outDir: '../build/console',
    emptyOutDir: true,
    target: 'es2023',
    // Fonts and images stay files, so that a strict content security policy needs no data: sources.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
  },
});
