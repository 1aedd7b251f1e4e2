/** `npm run build`: everything that is deployed, below build/. What is unchanged is not made again. */
import { join } from 'node:path';
import { BuildCache } from './building/build-cache.ts';
import { buildConsole } from './building/build-console.ts';
import { bundleCode } from './building/bundle-code.ts';
import { copyPageFiles } from './building/page-files.ts';

const root = join(import.meta.dirname, '..');
const cache = new BuildCache(root, 'build/.cache.json');

await Promise.all([bundleCode(root, cache), buildConsole(root, cache)]);
copyPageFiles(root, cache);
