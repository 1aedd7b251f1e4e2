import { durationMs } from '#contract/duration.ts';
import { workerExit } from '#contract/names.ts';

/** What is known of a task that stopped. */
export interface StoppedTask {
  /** Null when the process was killed or the host was lost. */
  readonly exitCode: number | null;
  /** What ECS says about it. */
  readonly reason: string | null;
  /** ECS ended it for reasons of its own, such as a host that goes out of service. */
  readonly isInfrastructure: boolean;
  /** How the worker says that its job ended; undefined when it could not say. */
  readonly end?:
    | { readonly state: 'FINISHED' | 'FAILED' | 'CANCELED'; readonly message?: string }
    | undefined;
  /** Begin of every attempt since the job's last committed checkpoint. */
  readonly triesStartedAt: readonly string[];
  readonly nowMs: number;
  readonly maxAttempts: number;
  /** Older attempts do not count: a job that ran for long in between is not in a hopeless loop. */
  readonly attemptExpiry: string;
}

/** What is done about it; `reason` is a sentence for the event log. */
export interface Recovery {
  readonly kind: 'recover' | 'failed' | 'finished';
  readonly reason: string;
}

/**
 * Whether a stopped task gets a successor.
 *
 * The worker restarts its job by itself, so a job that it declares FAILED has used up its restarts and is failed for
 * good, and so is a bundle that it refuses. Whatever ended without such a word was killed or lost, and a new attempt
 * goes on from the last checkpoint, unless too many have begun lately without a checkpoint among them: that is the
 * breaker.
 */
export function decideRecovery(task: StoppedTask): Recovery {
  const { end, exitCode } = task;
  if (end?.state === 'FINISHED')
    return { kind: 'finished', reason: 'The job read all its input and finished.' };
  if (end?.state === 'FAILED') {
    return {
      kind: 'failed',
      reason: `The job failed for good: ${end.message ?? 'its worker gave no reason'}`,
    };
  }
  if (end?.state === 'CANCELED') {
    return { kind: 'failed', reason: 'The job was canceled from outside of the platform.' };
  }
  if (exitCode === workerExit.finished) {
    return { kind: 'finished', reason: 'The worker ended its job and left without a fault.' };
  }
  if (exitCode === workerExit.refused) {
    return {
      kind: 'failed',
      reason:
        'The worker refused to start: bundle or settings are not what they should be; its log has the details.',
    };
  }
  const cause = `Its task ended (${describeEnd(task)})`;
  const windowBegin = task.nowMs - durationMs(task.attemptExpiry);
  const recent = task.triesStartedAt.filter((at) => Date.parse(at) > windowBegin).length;
  return recent >= task.maxAttempts && !task.isInfrastructure
    ? {
        kind: 'failed',
        reason: `${cause}; ${recent} attempts within ${task.attemptExpiry} came to no checkpoint, which is the limit. Look at the log of the last attempt, then start it again, upgrade it, or roll it back; limits.maxJobCreationAttempts allows more tries.`,
      }
    : { kind: 'recover', reason: `${cause}; a new attempt goes on from the last checkpoint.` };
}

/** The tries that still count when this is the newest checkpoint: none of those before it. */
export function triesSince(
  tries: { readonly checkpointId: number | null; readonly startedAt: readonly string[] },
  checkpointId: number | null,
): readonly string[] {
  return tries.checkpointId === checkpointId ? tries.startedAt : [];
}

function describeEnd({ exitCode, reason }: StoppedTask): string {
  if (exitCode === workerExit.fenced) return 'fenced by a newer epoch';
  const code = exitCode === null ? 'no exit code' : `exit code ${exitCode}`;
  return reason === null || reason === '' ? code : `${code}, ${reason}`;
}
