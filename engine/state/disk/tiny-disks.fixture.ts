import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskBackend } from './disk-backend.ts';
import { nodeFiles } from './disk-files.ts';

/** So many are in use at once: those of the subtasks at work, and of those whose snapshots they restore. */
const OPEN_MAX = 8;

/** Backends with hardly any memory, so that entries come and go all the time, and with tiny chunks. */
export class TinyDisks {
  readonly #directory = mkdtempSync(join(tmpdir(), 'tiny-disks-'));
  readonly #backends: DiskBackend[] = [];
  #opened = 0;

  readonly open = (cacheBytes = 1000): DiskBackend => {
    // Those of earlier runs would hold files open.
    while (this.#backends.length >= OPEN_MAX) this.#backends.shift()?.close();
    const files = nodeFiles(join(this.#directory, String(this.#opened++)));
    const backend = new DiskBackend({ files, cacheBytes, chunkBytes: 400, segmentBytes: 1 });
    this.#backends.push(backend);
    return backend;
  };

  close(): void {
    for (const backend of this.#backends) backend.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
