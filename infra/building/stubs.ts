import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findBundles } from './bundles.ts';

export function writeStubs(root: string): void {
  for (const output of findBundles(root).absent) {
    write(
      root,
      `build/${output}.mjs`,
      `export const BOOTSTRAP = ''; export const handler = async () => { throw new Error('${output} is not built yet'); };`,
    );
  }
  write(root, 'build/console/index.html', '<!doctype html><title>Headwater</title>not built yet');
}
function write(root: string, path: string, text: string): void {
  const file = join(root, path);
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
