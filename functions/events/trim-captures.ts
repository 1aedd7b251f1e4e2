import type { Platform } from '../middleware/platform.ts';

const DAY_MS = 86_400_000;
const KEPT_DAYS = 7;
const KEPT_BYTES = 1_000_000_000;

/** Once an hour: captures are for a look at what a deployment would have written, and no archive. */
export async function trimCaptures(platform: Platform, now: Date): Promise<void> {
  if (now.getUTCMinutes() !== 30) return;
  const before = new Date(now.getTime() - KEPT_DAYS * DAY_MS);
  for (const { deploymentId, spec } of await platform.stores.jobs.live()) {
    const modes = Object.values(spec.sinks.sinks);
    const isCapturing = spec.sinks.every === 'capture' || modes.some(({ mode }) => mode === 'capture');
    if (isCapturing) await platform.stores.captures.trim(deploymentId, { before, maxBytes: KEPT_BYTES });
  }
}
