/** Copies files that need no building next to the bundle that serves them. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildCache } from './build-cache.ts';
import { filesBelow } from './build-cache.ts';

const PAGE = 'examples/payments-dashboard/page';

/** The page of the payments dashboard travels inside its results function. */
export function copyPageFiles(root: string, cache: BuildCache): void {
  const inputs = filesBelow(root, PAGE);
  if (cache.isFresh('page', inputs)) return;
  const target = 'build/examples/payments-dashboard/results/page';
  cpSync(join(root, PAGE), join(root, target), { recursive: true });
  cache.record('page', inputs, [target]);
}
