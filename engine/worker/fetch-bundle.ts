import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { downloadPatiently } from './download-patiently.ts';
import { WorkerRefusal } from './worker-refusal.ts';

/** A bundle on the disk of this machine, proven to be the one that was pushed. */
export interface FetchedBundle {
  /** File URL, for `import` in any thread. */
  readonly module: string;
  remove(): Promise<void>;
}

/** Fetches a bundle by its presigned address; refuses one with another hash. */
export async function fetchBundle(url: string, sha256: string): Promise<FetchedBundle> {
  const bytes = await downloadPatiently(url, 'the application bundle');
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256) {
    throw new WorkerRefusal(
      `Cannot run the application bundle: its SHA-256 is ${actual}, the version was registered with ${sha256}; push the application again`,
    );
  }
  // Readable by this user alone: nobody may change the file between the check and the import.
  const directory = await mkdtemp(join(tmpdir(), 'headwater-'));
  const file = join(directory, 'application.mjs');
  await writeFile(file, bytes);
  return {
    module: pathToFileURL(file).href,
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
