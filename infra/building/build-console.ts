/** Builds the web console with Vite, in a child process since Vite keeps much memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildCache } from './build-cache.ts';
import { filesBelow } from './build-cache.ts';

/** Does nothing when the console is fresh. */
export async function buildConsole(root: string, cache: BuildCache): Promise<void> {
  const inputs = [
    'package.json',
    'package-lock.json',
    ...filesBelow(root, 'console'),
    ...filesBelow(root, 'contract'),
  ];
  if (cache.isFresh('console', inputs)) return;
  await runVite(root);
  cache.record('console', inputs, ['build/console/index.html']);
}

async function runVite(root: string): Promise<void> {
  const output: Buffer[] = [];
  const child = spawn(process.execPath, [viteCommand(root), 'build', 'console', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const [code]: unknown[] = await once(child, 'close');
  if (code !== 0)
    throw new Error(
      `Cannot build the console: vite ended with ${String(code)}\n${String(Buffer.concat(output))}`,
    );
}

function viteCommand(root: string): string {
  const folder = join(root, 'node_modules/vite');
  // The manifest of an installed package is as npm checked it.
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: { vite: string } };
  return join(folder, bin.vite);
}
