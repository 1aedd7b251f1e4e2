import { MIN_WATERMARK } from '../data/record-batch.ts';
import type { SplitView } from './job-status.ts';
import type { SplitWatermarks } from './split-watermarks.ts';

/** Stands for splits that are not found yet; no source has one of this id. */
export const LATER_SPLITS = '\u0000later-splits';

/** A source of files may have a hundred thousand splits; nobody looks at more. */
const SPLITS_MAX = 100;

/** How far a source is in the splits that it reads; `lags` are what the service says of some. */
export function splitViews(
  watermarks: SplitWatermarks,
  lags: ReadonlyMap<string, number>,
): readonly SplitView[] {
  const views: SplitView[] = [];
  for (const { id, watermark } of watermarks.progress()) {
    if (views.length === SPLITS_MAX) break;
    if (id === LATER_SPLITS) continue;
    const lagMs = lags.get(id);
    views.push({
      id,
      ...(watermark > MIN_WATERMARK ? { watermark } : {}),
      ...(lagMs === undefined ? {} : { lagMs }),
    });
  }
  return views;
}
