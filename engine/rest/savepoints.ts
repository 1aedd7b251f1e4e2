/** Requests that begin something and are asked about later, by a trigger id that the client may choose. */
import type { TriggerStatus } from '../runtime/job-status.ts';
import { CHECKPOINT_FAILED, JOB_NOT_FOUND, failureCause } from './failure-cause.ts';
import { checkedId, isJob, jobNotFound } from './job-lookup.ts';
import { checkedTriggerId, hasEnded } from './job-views.ts';
import { checkedBody } from './request-body.ts';
import type { RestContext } from './rest-context.ts';
import { RestError } from './rest-error.ts';
import type { RestReply, RestRequest } from './router.ts';
import { keyOfLocation, locationOfKey, savepointDirectory } from './savepoint-location.ts';

const FORMATS = ['CANONICAL', 'NATIVE'] as const;
const CHECKPOINT_TYPES = ['CONFIGURED', 'FULL', 'INCREMENTAL'] as const;

interface Savepoint {
  readonly directory: string | boolean | undefined;
  readonly triggerId: string | boolean | undefined;
  readonly stop: boolean;
  readonly drain?: boolean;
}

/** `flink savepoint`; its members are kebab-case, those of stop are not. */
export function triggerSavepoint(context: RestContext, request: RestRequest): RestReply {
  const body = checkedBody(request.body, {
    'target-directory': 'text',
    'cancel-job': 'boolean',
    formatType: FORMATS,
    triggerId: 'text',
  });
  return begin(context, request, {
    directory: body['target-directory'],
    triggerId: body['triggerId'],
    stop: body['cancel-job'] === true,
  });
}

/** `flink stop`: a savepoint after which the job is FINISHED. */
export function stopWithSavepoint(context: RestContext, request: RestRequest): RestReply {
  const body = checkedBody(request.body, {
    targetDirectory: 'text',
    drain: 'boolean',
    formatType: FORMATS,
    triggerId: 'text',
  });
  return begin(context, request, {
    directory: body['targetDirectory'],
    triggerId: body['triggerId'],
    stop: true,
    drain: body['drain'] === true,
  });
}

function begin(context: RestContext, request: RestRequest, savepoint: Savepoint): RestReply {
  const triggerId = triggerIdOf(context, savepoint.triggerId);
  // Flink takes the request for any job and reports the fault when asked for the result.
  if (isJob(context, request)) {
    const parent = parentOf(context, savepoint, triggerId);
    if (parent !== undefined)
      context.job.savepoint({
        directory: savepointDirectory(parent, context.job.id, triggerId),
        stop: savepoint.stop,
        triggerId,
        ...(savepoint.drain === undefined ? {} : { drain: savepoint.drain }),
      });
  }
  return accepted(triggerId);
}

/** Undefined where the directory is no place for savepoints, which is told with the result. */
function parentOf(
  { savepointDirectory: own, bucket, refused }: RestContext,
  { directory }: Savepoint,
  triggerId: string,
): string | undefined {
  if (directory === undefined) return own;
  try {
    return keyOfLocation(String(directory), bucket);
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    refused.add(triggerId, error.message);
    return undefined;
  }
}

export function savepointStatus(context: RestContext, request: RestRequest): object {
  const triggerId = checkedTriggerId(request);
  if (!isJob(context, request)) {
    return completed({ 'failure-cause': failureCause(JOB_NOT_FOUND, jobNotFound(request)) });
  }
  const refusal = context.refused.reasonOf(triggerId);
  if (refusal !== undefined) return completed({ 'failure-cause': failureCause(CHECKPOINT_FAILED, refusal) });
  const status = found(context.job.savepointStatus(triggerId), 'savepoint', request);
  switch (status.status) {
    case 'in-progress':
      return inProgress();
    case 'completed':
      return completed({ location: locationOfKey(status.location, context.bucket) });
    case 'failed':
      return completed({ 'failure-cause': failureCause(CHECKPOINT_FAILED, status.failure) });
  }
}

export function triggerCheckpoint(context: RestContext, request: RestRequest): RestReply {
  const body = checkedBody(request.body, { checkpointType: CHECKPOINT_TYPES, triggerId: 'text' });
  const triggerId = triggerIdOf(context, body['triggerId']);
  if (isJob(context, request)) {
    context.job.triggerCheckpoint(triggerId, body['checkpointType'] === 'INCREMENTAL');
  }
  return accepted(triggerId);
}

export function checkpointTriggerStatus(context: RestContext, request: RestRequest): object {
  const triggerId = checkedTriggerId(request);
  if (!isJob(context, request)) {
    return completed({ failureCause: failureCause(JOB_NOT_FOUND, jobNotFound(request)) });
  }
  const status = found(context.job.checkpointStatus(triggerId), 'checkpoint', request);
  switch (status.status) {
    case 'in-progress':
      return inProgress();
    case 'completed':
      return completed({ checkpointId: status.checkpointId });
    case 'failed':
      return completed({ failureCause: failureCause(CHECKPOINT_FAILED, status.failure) });
  }
}

export function disposeSavepoint(context: RestContext, request: RestRequest): RestReply {
  const body = checkedBody(request.body, { 'savepoint-path': 'text', triggerId: 'text' });
  const path = body['savepoint-path'];
  if (path === undefined) {
    throw new RestError(400, 'Cannot dispose of a savepoint: field "savepoint-path" is missing');
  }
  const triggerId = triggerIdOf(context, body['triggerId']);
  context.disposals.start(triggerId, String(path));
  return { json: { 'request-id': triggerId } };
}

export function disposalStatus(context: RestContext, request: RestRequest): object {
  const triggerId = checkedTriggerId(request);
  const disposal = context.disposals.find(triggerId);
  if (disposal === undefined) {
    throw new RestError(404, `There is no savepoint disposal with triggerId=${triggerId}.`);
  }
  switch (disposal.status) {
    case 'in-progress':
      return inProgress();
    case 'completed':
      return completed({});
    case 'failed':
      return completed({ 'failure-cause': failureCause('java.io.IOException', disposal.failure) });
  }
}

/** `flink cancel`: the answer does not wait for the end. */
export function cancelJob(context: RestContext, request: RestRequest): RestReply {
  const mode = request.query.get('mode') ?? 'cancel';
  if (mode !== 'cancel') {
    throw new RestError(
      400,
      `Cannot terminate the job with mode "${mode}": only "cancel" is served; to stop use POST …/stop`,
    );
  }
  if (!isJob(context, request)) throw new RestError(404, 'Job could not be found.');
  const { state } = context.job.status();
  if (hasEnded(state) && state !== 'CANCELED') {
    throw new RestError(
      409,
      `Job cancellation failed because the job has already reached another terminal state (${state}).`,
    );
  }
  // The end of the job is seen in its state; cancel itself never rejects.
  void context.job.cancel();
  return { status: 202, json: {} };
}

function triggerIdOf(context: RestContext, given: string | boolean | undefined): string {
  return given === undefined ? context.newTriggerId() : checkedId('trigger id', String(given));
}

function accepted(triggerId: string): RestReply {
  return { status: 202, json: { 'request-id': triggerId } };
}

function found(status: TriggerStatus | undefined, noun: string, request: RestRequest): TriggerStatus {
  if (status === undefined) {
    const { jobid, triggerid } = request.parameters;
    throw new RestError(404, `There is no ${noun} operation with triggerId=${triggerid} for job ${jobid}.`);
  }
  return status;
}

function inProgress(): object {
  return { status: { id: 'IN_PROGRESS' }, operation: null };
}

function completed(operation: object): object {
  return { status: { id: 'COMPLETED' }, operation };
}
