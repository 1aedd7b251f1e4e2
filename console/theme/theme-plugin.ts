/**
 * Two things done at build time that would cost every reader at run time: the theme becomes a small stylesheet
 * (the kit's own `applyTheme` would ship 767 kB of presets), and the embedded fonts are dropped (139 kB compressed).
 */
import { createRequire } from 'node:module';
import type { generateThemeStylesheet } from '@cloudscape-design/components/theming';
import { build } from 'esbuild';
import type { Plugin } from 'vite';
import { MONO, SANS, theme } from './tokens.ts';

const THEME_ID = 'virtual:headwater-theme.css';
const RESOLVED_ID = `\0${THEME_ID}`;

export function themePlugin(): Plugin {
  return {
    name: 'headwater-theme',
    enforce: 'pre',
    resolveId: (id) => (id === THEME_ID ? RESOLVED_ID : undefined),
    load: async (id) => (id === RESOLVED_ID ? themeStylesheet() : undefined),
    transform: (code, id) =>
      id.includes('@cloudscape-design/global-styles') && id.endsWith('.css')
        ? { code: withoutFonts(code), map: null }
        : undefined,
  };
}

/** Node cannot import the kit's generator as it is published (imports of directories), so it is bundled first. */
async function themeStylesheet(): Promise<string> {
  const require = createRequire(import.meta.url);
  const bundle = await build({
    stdin: {
      contents: `export { generateThemeStylesheet } from ${JSON.stringify(require.resolve('@cloudscape-design/components/theming'))};`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
  });
  const code = Buffer.from(bundle.outputFiles[0]?.contents ?? []).toString('base64');
  const kit: { generateThemeStylesheet: typeof generateThemeStylesheet } = await import(
    `data:text/javascript;base64,${code}`
  );
  // Our own stylesheet names the typefaces by these.
  const typefaces = `:root { --sans: ${SANS}; --mono: ${MONO}; }`;
  return `${kit.generateThemeStylesheet({ theme })}\n${typefaces}`;
}

function withoutFonts(css: string): string {
  return css.replace(/@font-face\s*\{[^}]*\}/g, '');
}
