/** The REST API of a worker's job, as far as the control plane calls it. */
import type { JobCall } from '#functions/gateway/call-job.ts';
import type { GatewayAnswer } from '#functions/gateway/gateway.ts';
import type { Begin, Worker } from './worker.ts';

const silence: GatewayAnswer = { status: 0, body: 'connect ECONNREFUSED' };

/** What a worker answers to a call; a frozen one and one that is not there answer nothing. */
export function answerOf(worker: Worker | undefined, call: JobCall): GatewayAnswer {
  if (worker === undefined || worker.isFrozen || worker.status !== 'running') return silence;
  const [path = ''] = call.path.split('?');
  const [, jobs, jobId, ...rest] = path.split('/');
  if (jobs === 'headwater') return answerOfStandby(worker, jobId ?? '', call);
  if (jobs !== 'jobs') return { status: 200, body: { jobs: [] } };
  if (jobId !== worker.jobId) return notFound(path);
  return answerOfJob(worker, { ...call, path: rest.join('/') });
}

function answerOfStandby(worker: Worker, path: string, { body }: JobCall): GatewayAnswer {
  if (!worker.isStandby) return notFound(path);
  if (path === 'preload') worker.preloaded = (body as { location: string }).location;
  if (path === 'begin') {
    const isTaken = worker.takeOver(body as Begin);
    if (worker.status !== 'running') return silence;
    return { status: isTaken ? 200 : 409, body: {} };
  }
  const state = worker.begun === undefined ? 'warm' : 'begun';
  const { preloaded: location } = worker;
  const preload = location === undefined ? {} : { preload: { location, state: 'read', durationMs: 1 } };
  return { status: 200, body: { state, ...preload } };
}

function answerOfJob(worker: Worker, { method, path, body }: JobCall): GatewayAnswer {
  if (path === '') return method === 'GET' ? { status: 200, body: detail(worker) } : cancel(worker);
  if (path === 'exceptions') return { status: 200, body: { exceptionHistory: { entries: [] } } };
  if (path === 'checkpoints' && method === 'GET') return { status: 200, body: checkpoints(worker) };
  if (path.endsWith('metrics')) return { status: 200, body: [] };
  if (path === 'resource-requirements') return requirements(worker, method, body);
  if (path.startsWith('checkpoints')) return checkpoint(worker, method);
  if (method === 'POST') return trigger(worker, path, body);
  const [kind, triggerId = ''] = path.split('/');
  const found = kind === 'savepoints' ? worker.triggers.get(triggerId) : undefined;
  if (found === undefined) return notFound(path);
  if (found.state === 'in-progress') return { status: 200, body: { status: { id: 'IN_PROGRESS' } } };
  const operation =
    found.state === 'failed' ? { 'failure-cause': { 'stack-trace': 'disk on fire' } } : found.state;
  return { status: 200, body: { status: { id: 'COMPLETED' }, operation } };
}

function requirements(worker: Worker, method: string, body: unknown): GatewayAnswer {
  if (method === 'PUT') {
    const asked = body as { v?: { parallelism: { upperBound: number } } };
    worker.parallelism = asked.v?.parallelism.upperBound ?? worker.parallelism;
  }
  const { parallelism: upperBound } = worker;
  return { status: 200, body: { v: { parallelism: { lowerBound: 1, upperBound } } } };
}

/** Asked for one, a worker has it at once. */
function checkpoint(worker: Worker, method: string): GatewayAnswer {
  if (worker.jobState !== 'RUNNING') return { status: 404, body: {} };
  if (method === 'GET') return { status: 200, body: { status: { id: 'COMPLETED' }, operation: {} } };
  worker.commit();
  return worker.status === 'running' ? { status: 202, body: { 'request-id': '0' } } : silence;
}

function trigger(worker: Worker, path: string, body: unknown): GatewayAnswer {
  // What triggerSavepoint sends, in both of Flink's spellings.
  const asked = body as { targetDirectory?: string; 'target-directory'?: string; triggerId: string };
  const directory = asked.targetDirectory ?? asked['target-directory'] ?? '';
  if (worker.jobState === 'RUNNING') worker.trigger(asked.triggerId, directory, path === 'stop');
  else if (!worker.triggers.has(asked.triggerId)) {
    worker.triggers.set(asked.triggerId, { directory, stop: false, state: 'failed' });
  }
  return { status: 202, body: { 'request-id': asked.triggerId } };
}

function cancel(worker: Worker): GatewayAnswer {
  if (worker.jobState === 'FINISHED' || worker.jobState === 'FAILED') return { status: 409, body: {} };
  if (worker.jobState !== 'CANCELED') worker.end('CANCELED');
  return { status: 202, body: {} };
}

function detail(worker: Worker): object {
  const status = worker.jobState;
  const vertex = { id: 'v', name: 'count', parallelism: 1, status };
  return { jid: worker.jobId, name: 'job', state: status, vertices: [vertex] };
}

function checkpoints(worker: Worker): object {
  const completed =
    worker.checkpoints === 0
      ? null
      : {
          id: worker.checkpoints,
          status: 'COMPLETED',
          is_savepoint: false,
          trigger_timestamp: 0,
          end_to_end_duration: 1,
        };
  return {
    counts: { completed: worker.checkpoints, failed: 0 },
    latest: { completed },
    history: completed === null ? [] : [completed],
  };
}

function notFound(path: string): GatewayAnswer {
  return { status: 404, body: { errors: [`Not found: ${path}`] } };
}
