/** Records that were captured instead of being written by their sink: lines of JSON in files that never change. */
import { CapturedRecord } from '#contract/resources/capture.ts';
import { bucketKeys } from '#contract/names.ts';
import { Problem } from '#contract/problems.ts';
import { deleteObjects, readText } from './bucket.ts';
import type { Bucket } from './bucket.ts';
import { objectsUnder } from './objects-under.ts';
import type { Page, PageRequest } from './page.ts';

/** Captured records by deployment and sink. */
export interface CaptureStore {
  list(deploymentId: string, sink: string, request: PageRequest): Promise<Page<CapturedRecord>>;
  /** Deletes files that were written before `before`, and of the others the oldest beyond `maxBytes`. */
  trim(deploymentId: string, limits: { readonly before: Date; readonly maxBytes: number }): Promise<number>;
}

interface CaptureFile {
  readonly key: string;
  readonly bytes: number;
  readonly writtenAt: Date;
}

export function captureStore(bucket: Bucket): CaptureStore {
  return {
    async list(deploymentId, sink, { limit, cursor }) {
      const folder = `${bucketKeys.captures(deploymentId)}/${encodeURIComponent(sink)}/`;
      const files = await filesUnder(bucket, folder);
      const start = cursor === undefined ? { key: '', line: 0 } : parseCursor(cursor, folder);
      const first = Math.max(
        0,
        files.findIndex(({ key }) => key === start.key),
      );
      const items: CapturedRecord[] = [];
      for (const { key } of files.slice(first)) {
        const lines = ((await readText(bucket, key))?.text ?? '').split('\n').filter((line) => line !== '');
        for (let line = key === start.key ? start.line : 0; line < lines.length; line += 1) {
          if (items.length === limit) return { items, next: cursorOf(key, line) };
          items.push(CapturedRecord.parse(JSON.parse(lines[line] ?? '')));
        }
      }
      return { items, next: null };
    },
    async trim(deploymentId, { before, maxBytes }) {
      const newestFirst = (await filesUnder(bucket, `${bucketKeys.captures(deploymentId)}/`)).toReversed();
      let kept = 0;
      const old = newestFirst.filter(({ bytes, writtenAt }) => {
        kept += bytes;
        return writtenAt < before || kept > maxBytes;
      });
      await deleteObjects(
        bucket,
        old.map(({ key }) => key),
      );
      return old.length;
    },
  };
}

/** In the order in which they became visible; what is not finished lies in hidden folders. */
async function filesUnder(bucket: Bucket, folder: string): Promise<CaptureFile[]> {
  const files = (await objectsUnder(bucket, folder)).flatMap(({ Key: key, Size: bytes, LastModified }) =>
    key === undefined || LastModified === undefined || !key.endsWith('.jsonl')
      ? []
      : [{ key, bytes: bytes ?? 0, writtenAt: LastModified }],
  );
  return files.toSorted(
    (left, right) => left.writtenAt.getTime() - right.writtenAt.getTime() || (left.key < right.key ? -1 : 1),
  );
}

function cursorOf(key: string, line: number): string {
  return Buffer.from(JSON.stringify([key, line])).toString('base64url');
}

function parseCursor(cursor: string, folder: string): { readonly key: string; readonly line: number } {
  try {
    const [key, line]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (typeof key === 'string' && key.startsWith(folder) && Number.isSafeInteger(line) && Number(line) >= 0)
      return { key, line: Number(line) };
  } catch (cause) {
    throw refused(cause);
  }
  throw refused();
}

function refused(cause?: unknown): Problem {
  return new Problem('invalid-cursor', 'Cannot go on with the list: the cursor was not given by this list', {
    cause,
  });
}
