/** Asks a job by one call of the gateway whether it lives, and how it is. */
import type { JobHealth } from '../control/conditions.ts';
import { Checkpoints, Exceptions, JobDetail } from '../gateway/flink-answers.ts';
import type { GatewayAnswer } from '../gateway/gateway.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredJob } from '../stores/jobs.ts';

/** What a job answered. */
export interface AskedJob {
  /** Whether its REST API answers, whatever it says; undefined when it could not be asked. */
  readonly answers: boolean | undefined;
  readonly health: JobHealth | undefined;
}

const unasked: AskedJob = { answers: undefined, health: undefined };

export async function askJob({ jobs }: Platform, job: StoredJob): Promise<AskedJob> {
  if (job.address === null) return unasked;
  const path = `/jobs/${job.id}`;
  try {
    const [detail, checkpoints, exceptions] = await jobs.call({ jobId: job.id, address: job.address }, [
      { method: 'GET', path },
      { method: 'GET', path: `${path}/checkpoints` },
      { method: 'GET', path: `${path}/exceptions` },
    ]);
    if (detail === undefined || detail.status === 0) return { answers: false, health: undefined };
    return { answers: true, health: healthOf(detail, checkpoints, exceptions) };
  } catch (error) {
    // A gateway that fails says nothing about the job, and must not make every job start again.
    logger.warn('A job could not be asked whether it lives', { jobId: job.id, ...errorFields(error) });
    return unasked;
  }
}

function healthOf(
  detail: GatewayAnswer,
  checkpoints: GatewayAnswer | undefined,
  exceptions: GatewayAnswer | undefined,
): JobHealth {
  const history = Checkpoints.safeParse(checkpoints?.body).data;
  const newest = history?.latest.completed;
  const entries = Exceptions.safeParse(exceptions?.body).data?.exceptionHistory.entries;
  return {
    state: JobDetail.safeParse(detail.body).data?.state,
    checkpointedAtMs:
      history === undefined
        ? undefined
        : newest === null || newest === undefined
          ? null
          : newest.trigger_timestamp + (newest.end_to_end_duration ?? 0),
    failures:
      entries === undefined
        ? undefined
        : {
            atMs: entries.flatMap(({ timestamp }) => timestamp ?? []),
            newest: entries[0]?.stacktrace?.split('\n', 1)[0]?.trim(),
          },
  };
}
