import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { download } from './download.ts';
import { WorkerRefusal } from './worker-refusal.ts';

/** A bundle on the disk of this machine, proven to be the one that was pushed. */
export interface FetchedBundle {
  /** File URL, for `import` in any thread. */
  readonly module: string;
  remove(): Promise<void>;
}

const ATTEMPTS = 4;
const RETRY_DELAY_MS = 500;

/** Fetches a bundle by its presigned address; refuses one with another hash. */
export async function fetchBundle(url: string, sha256: string): Promise<FetchedBundle> {
  const bytes = await downloadPatiently(url);
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

async function downloadPatiently(url: string): Promise<Uint8Array> {
  // The query of a presigned address is a credential and stays out of messages.
  const shown = url.split('?', 1)[0];
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryDownload(url);
    if (!('reason' in outcome)) {
      return outcome;
    }
    if (!outcome.transient || attempt === ATTEMPTS) {
      throw new WorkerRefusal(`Cannot fetch the application bundle from ${shown}: ${outcome.reason}`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, RETRY_DELAY_MS * attempt);
    });
  }
}

interface Failure {
  readonly transient: boolean;
  readonly reason: string;
}

async function tryDownload(url: string): Promise<Uint8Array | Failure> {
  if (!URL.canParse(url)) {
    return { transient: false, reason: 'it is no address' };
  }
  try {
    const { status, bytes } = await download(url);
    return status === 200 ? bytes : { transient: status >= 500, reason: `the answer has status ${status}` };
  } catch (error) {
    return { transient: true, reason: error instanceof Error ? error.message || error.name : String(error) };
  }
}
