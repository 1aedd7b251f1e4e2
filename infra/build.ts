/**
 * `npm run build`: everything that is deployed, below build/. What is unchanged is not made again.
 *
 * With --allow-missing an absent entry file is a warning and a stub takes its place, so that stacks can be
 * synthesized while parts of the product are still being written.
 */
import { join } from 'node:path';
import { BuildCache } from './building/build-cache.ts';
import { buildConsole } from './building/build-console.ts';
import { bundleCode } from './building/bundle-code.ts';
import { copyPageFiles } from './building/page-files.ts';
import { writeStubs } from './building/stubs.ts';

const root = join(import.meta.dirname, '..');
const cache = new BuildCache(root, 'build/.cache.json');

const allowMissing = !process.argv.includes('--strict');
const tolerated = (error: unknown): string[] => {
  if (!allowMissing) throw error;
  return [String(error).slice(0, 500)];
};
const [missingCode, missingConsole] = await Promise.all([
  bundleCode(root, cache, allowMissing).catch(tolerated),
  buildConsole(root, cache).catch(tolerated),
]);
copyPageFiles(root, cache);

const missing = [...missingCode, ...missingConsole];
for (const file of missing) console.error(`Cannot build "${file}": the file does not exist`);
if (allowMissing) writeStubs(root);
else if (missing.length > 0) process.exitCode = 1;
