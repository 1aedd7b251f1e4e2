/** Task states: a call, and what the task waits for after it. */
import { randomUUID } from 'node:crypto';
import type { JsonObject } from '../../input.ts';
import { StateFailure, asFailure } from './failure.ts';
import { performCall } from './integrations.ts';
import { payloadText } from './run.ts';
import { sleepUntil, orAborted } from './sleep.ts';
import { advance, languageOf, record, scopeOf } from './visit.ts';
import type { Visit } from './visit.ts';
import { parseResource } from './task-resource.ts';
import type { TaskResource } from './task-resource.ts';

/** Runs the task of a state and returns its result; a try that a crash cut off is made again. */
export async function runTask(visit: Visit): Promise<unknown> {
  const resource = parseResource(visit.state.Resource ?? '');
  // The parser refuses machines with other resources.
  if (resource === undefined) throw new Error(`State "${visit.name}" has no known resource`);
  const { triedAt, token } = visit.cursor.progress;
  advance(visit, {
    triedAt: triedAt ?? Date.now(),
    ...(resource.pattern === 'token' ? { token: token ?? randomUUID() } : {}),
  });
  const input = await languageOf(visit.state).workInput(visit.state, scopeOf(visit));
  const timeoutMs = await durationMs(visit, 'TimeoutSeconds');
  record(visit, ...scheduledEvent(resource, input));
  record(visit, ...event(resource, 'Started', {}));
  const over = new AbortController();
  const signal = AbortSignal.any([visit.start.signal, over.signal]);
  try {
    const result = await withTimeout(attempt(visit, resource, { input, signal }), {
      visit,
      timeoutMs,
      signal,
    });
    record(visit, ...event(resource, 'Succeeded', { output: payloadText(result, `task "${visit.name}"`) }));
    return result;
  } catch (thrown) {
    visit.start.signal.throwIfAborted();
    const failure = asFailure(thrown);
    const type = isTimeout(failure) ? 'TimedOut' : 'Failed';
    record(visit, ...event(resource, type, { error: failure.error, cause: failure.causeText }));
    throw failure;
  } finally {
    over.abort(new Error('the task has ended'));
  }
}

interface Attempt {
  readonly input: unknown;
  readonly signal: AbortSignal;
}

async function attempt(visit: Visit, resource: TaskResource, { input, signal }: Attempt): Promise<unknown> {
  if (resource.pattern !== 'token') return performCall(visit, resource, { input, signal });
  const { token = '', submitted } = visit.cursor.progress;
  if (submitted !== true) {
    visit.run.tokens.create(token, visit.run.arn);
    const output = await performCall(visit, resource, { input, signal });
    advance(visit, { submitted: true });
    record(visit, ...event(resource, 'Submitted', { output: payloadText(output, `task "${visit.name}"`) }));
  }
  return visit.run.tokens.wait(token, await durationMs(visit, 'HeartbeatSeconds'), signal);
}

async function withTimeout<T>(
  work: Promise<T>,
  { visit, timeoutMs, signal }: { visit: Visit; timeoutMs: number | undefined; signal: AbortSignal },
): Promise<T> {
  if (timeoutMs === undefined) return orAborted(work, signal);
  const due = (visit.cursor.progress.triedAt ?? Date.now()) + timeoutMs;
  const timeout = sleepUntil(due, signal).then(() => {
    throw new StateFailure('States.Timeout', '');
  });
  // Whichever loses is of no interest any more, but must not count as an unhandled rejection.
  timeout.catch(() => {});
  work.catch(() => {});
  return Promise.race([orAborted(work, signal), timeout]);
}

async function durationMs(visit: Visit, member: string): Promise<number | undefined> {
  const seconds = await languageOf(visit.state).member(visit.state, member, scopeOf(visit));
  if (seconds === undefined) return undefined;
  if (typeof seconds === 'number' && seconds > 0) return seconds * 1000;
  throw new StateFailure('States.Runtime', `${member} of state "${visit.name}" is not a positive number`);
}

function isTimeout(failure: StateFailure): boolean {
  return failure.error === 'States.Timeout' || failure.error === 'States.HeartbeatTimeout';
}

function scheduledEvent(resource: TaskResource, input: unknown): [type: string, details: JsonObject] {
  const text = payloadText(input, 'task input');
  if (resource.service === 'function') {
    return [
      'LambdaFunctionScheduled',
      { lambdaFunctionScheduledEventDetails: { resource: resource.arn, input: text } },
    ];
  }
  const details = { ...kindOf(resource), region: 'local', parameters: text };
  return ['TaskScheduled', { taskScheduledEventDetails: details }];
}

function event(
  resource: TaskResource,
  type: string,
  details: JsonObject,
): [type: string, details: JsonObject] {
  if (resource.service !== 'function') {
    return [`Task${type}`, { [`task${type}EventDetails`]: { ...kindOf(resource), ...details } }];
  }
  return [`LambdaFunction${type}`, { [`lambdaFunction${type}EventDetails`]: details }];
}

function kindOf(resource: TaskResource): JsonObject {
  const suffix = { response: '', token: '.waitForTaskToken', sync: '.sync', 'sync:2': '.sync:2' }[
    resource.pattern
  ];
  const resourceType = resource.sdk ? `aws-sdk:${resource.service}` : resource.service;
  return { resourceType, resource: `${resource.action}${suffix}` };
}
