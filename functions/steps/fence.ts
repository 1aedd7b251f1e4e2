/** The epoch in `head.json`: whoever raises it has fenced every worker that holds a lower one. */
import { Problem } from '#contract/problems.ts';
import type { RestoredFrom } from '#contract/resources/job.ts';
import type { RetainedCheckpoint } from '../control/choose-restore.ts';
import type { Platform } from '../middleware/platform.ts';
import type { HeadCheckpoint } from '../stores/head.ts';
import { observeCheckpoint } from '../operations/observe-situation.ts';
import { RetryableError } from './retryable-error.ts';

// A live worker commits every few seconds at most, so a swap that loses twice is rare.
const TRIES = 10;

/** The right to commit, and the checkpoint that the head names from now on. */
export interface Claim {
  readonly epoch: number;
  readonly checkpointId: number | null;
}

/**
 * Raises the epoch for a new job and decides in the same swap what it begins from: a checkpoint that an older worker
 * commits in between makes the swap fail, and the decision is made again.
 */
export async function fence(
  platform: Platform,
  deploymentId: string,
  jobId: string,
  choose: (checkpoint: RetainedCheckpoint | undefined) => Promise<RestoredFrom | Problem>,
): Promise<Claim & { readonly restoredFrom: RestoredFrom }> {
  let restoredFrom: RestoredFrom = { kind: 'none' };
  const claim = await swapHead(platform, deploymentId, jobId, async (checkpoint) => {
    const chosen = await choose(await observeCheckpoint(platform, checkpoint));
    if (chosen instanceof Problem) throw chosen;
    restoredFrom = chosen;
    // An older checkpoint must not be taken for one of this job when it recovers.
    return chosen.kind === 'checkpoint' ? checkpoint : undefined;
  });
  return { ...claim, restoredFrom };
}

/** Raises the epoch for another attempt of the same job; its newest checkpoint stays. */
export async function fenceFor(platform: Platform, deploymentId: string, jobId: string): Promise<Claim> {
  return swapHead(platform, deploymentId, jobId, async (checkpoint) => checkpoint);
}

async function swapHead(
  { stores }: Platform,
  deploymentId: string,
  jobId: string,
  keep: (checkpoint: HeadCheckpoint | undefined) => Promise<HeadCheckpoint | undefined>,
): Promise<Claim> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const before = await stores.heads.read(deploymentId);
    const epoch = (before?.head.epoch ?? 0) + 1;
    const checkpoint = await keep(before?.head.checkpoint);
    const head = { epoch, jobId, ...(checkpoint === undefined ? {} : { checkpoint }) };
    if (await stores.heads.swap(deploymentId, head, before)) {
      return { epoch, checkpointId: checkpoint?.id ?? null };
    }
  }
  throw new RetryableError('The head of the deployment changed at every try to fence the job before');
}
