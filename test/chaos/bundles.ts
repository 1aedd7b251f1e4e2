import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** A program in one file, with its name in the hash of what it is. */
export interface Bundle {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** Bundles a program as the platform does for workers. */
export async function bundled(entry: string): Promise<Bundle> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    write: false,
    logLevel: 'error',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}
