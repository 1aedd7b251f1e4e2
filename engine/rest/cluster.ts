import { FLINK_VERSION } from './rest-context.ts';
import type { RestContext } from './rest-context.ts';
import { jobOf } from './job-lookup.ts';
import { RestError } from './rest-error.ts';
import type { RestReply, RestRequest } from './router.ts';

// Views of the job are made anew for each request, so a client may ask as often as it likes.
const REFRESH_INTERVAL_MS = 1000;

export function configView(context: RestContext): object {
  return {
    'refresh-interval': REFRESH_INTERVAL_MS,
    'timezone-name': 'Coordinated Universal Time',
    'timezone-offset': 0,
    'flink-version': FLINK_VERSION,
    'flink-revision': context.revision,
    features: { 'web-submit': false, 'web-cancel': true, 'web-rescale': false, 'web-history': false },
  };
}

export function overviewView(context: RestContext): object {
  const { state, parallelism } = context.job.status();
  const ended = state === 'FINISHED' || state === 'FAILED' || state === 'CANCELED';
  return {
    taskmanagers: 1,
    'slots-total': parallelism,
    'slots-available': ended ? parallelism : 0,
    'taskmanagers-blocked': 0,
    'slots-free-and-blocked': 0,
    'jobs-running': ended ? 0 : 1,
    'jobs-finished': Number(state === 'FINISHED'),
    'jobs-cancelled': Number(state === 'CANCELED'),
    'jobs-failed': Number(state === 'FAILED'),
    'flink-version': FLINK_VERSION,
    'flink-commit': context.revision,
  };
}

/** A worker ends with its job; nobody shuts it down from here. */
export function refuseShutdown(): RestReply {
  throw new RestError(
    501,
    'Cannot shut the cluster down: it is the worker of one job and ends with it; cancel the job, or stop it with a savepoint',
  );
}

export function refuseJars(): RestReply {
  throw new RestError(
    501,
    'Cannot serve JARs: this engine runs the application of its deployment; push a version and start the deployment instead',
  );
}

/** As in every version of Flink that was read, but not with its 503, after which clients ask again for a minute. */
export function refuseOldRescaling(): RestReply {
  throw new RestError(
    501,
    'Rescaling is temporarily disabled. See FLINK-12312. Use PUT /jobs/:jobid/resource-requirements instead.',
  );
}

/** Whoever runs a job attached says so every minute; jobs here do not depend on it. */
export function clientHeartbeat(context: RestContext, request: RestRequest): RestReply {
  jobOf(context, request);
  return { status: 202, json: {} };
}

export function noFlameGraph(): RestReply {
  throw new RestError(
    501,
    'Cannot draw a flame graph: threads of this engine are not sampled; see metrics and thread-dump',
  );
}

/** A job is what a deployment says it is; a graph serialized by Java could not run here anyway. */
export function refuseSubmission(): RestReply {
  throw new RestError(
    501,
    'Cannot submit a job: this engine runs the application of its deployment; push a version and start the deployment instead',
  );
}

export function healthView(context: RestContext): object {
  return { status: 'ok', job: context.job.status().state };
}
