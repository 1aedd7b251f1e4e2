/** Bundles all code that runs on AWS, in one run of esbuild. */
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import type { BuildCache } from './build-cache.ts';
import { filesBelow } from './build-cache.ts';
import { bundles } from './bundles.ts';
import { lightHttp } from './light-http.ts';

/** Some packages inside the bundles are CommonJS and ask for a `require`, which an ES module does not have. */
const REQUIRE_BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

const options = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  outExtension: { '.js': '.mjs' },
  banner: { js: REQUIRE_BANNER },
  // Names stay: stack traces and Problem classes are read by people.
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  mainFields: ['module', 'main'],
  logLevel: 'error',
  metafile: true,
  plugins: [lightHttp],
} satisfies BuildOptions;

/** Does nothing when all bundles are fresh. */
export async function bundleCode(root: string, cache: BuildCache): Promise<void> {
  if (cache.isFresh('code')) return;
  // Loaded only here: an unchanged build must take no longer than looking at its inputs.
  const { build } = await import('esbuild');
  const { metafile } = await build({
    ...options,
    absWorkingDir: root,
    entryPoints: bundles,
    outdir: join(root, 'build'),
  });
  const own = Object.keys(metafile.inputs).filter(
    (input) => !input.startsWith('node_modules/') && !input.startsWith('light-http:'),
  );
  cache.record('code', [...toolInputs(root), ...own.sort()], Object.keys(metafile.outputs));
}

/** Files whose change makes every bundle stale; package-lock.json stands for all of node_modules. */
function toolInputs(root: string): string[] {
  return ['package.json', 'package-lock.json', ...filesBelow(root, 'infra/building')];
}
