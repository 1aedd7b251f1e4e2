/** Bundles all code that runs on AWS, in one run of esbuild. */
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import type { BuildCache } from './build-cache.ts';
import { filesBelow } from './build-cache.ts';
import { findBundles } from './bundles.ts';

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
} satisfies BuildOptions;

/** Files whose change makes every bundle stale; package-lock.json stands for all of node_modules. */
export const toolInputs = (root: string): string[] => [
  'package.json',
  'package-lock.json',
  'infra/build.ts',
  ...filesBelow(root, 'infra/building'),
];

/** Returns the entry files that are missing, after bundling the others; does nothing when all is fresh. */
export async function bundleCode(root: string, cache: BuildCache, allowMissing: boolean): Promise<string[]> {
  const { present, missing } = findBundles(root);
  const name = `code ${Object.keys(present).join(' ')}`;
  if (cache.isFresh(name)) return missing;
  const { build } = await import('esbuild');
  if (allowMissing) {
    const failed: string[] = [];
    for (const [out, entry] of Object.entries(present)) {
      await build({
        ...options,
        absWorkingDir: root,
        entryPoints: { [out]: entry },
        outdir: join(root, 'build'),
        logLevel: 'silent',
      }).catch((e: unknown) => failed.push(String(e).slice(0, 300)));
    }
    return [...missing, ...failed];
  }
  const result = await build({
    ...options,
    absWorkingDir: root,
    entryPoints: present,
    outdir: join(root, 'build'),
    write: true,
  });
  const own = Object.keys(result.metafile.inputs).filter((input) => !input.startsWith('node_modules/'));
  cache.record(name, [...toolInputs(root), ...own.sort()], Object.keys(result.metafile.outputs));
  return missing;
}
