/** Calls that tasks make to other services, in the form that Step Functions gives and takes. */
import { randomUUID } from 'node:crypto';
import { isObject } from '../../input.ts';
import type { JsonObject } from '../../input.ts';
import type { InvocationResult } from '../lambda/protocol.ts';
import { AwsError } from '../service.ts';
import { StateFailure } from './failure.ts';
import { orAborted } from './sleep.ts';
import { advance } from './visit.ts';
import type { Visit } from './visit.ts';
import { integratedServices } from './task-resource.ts';
import type { TaskResource } from './task-resource.ts';

interface Call {
  readonly input: unknown;
  readonly signal: AbortSignal;
}

/** Makes the call of a task and returns its result. */
export async function performCall(visit: Visit, resource: TaskResource, call: Call): Promise<unknown> {
  const input = isObject(call.input) ? call.input : {};
  switch (resource.service) {
    case 'function':
      return parsePayload(await invoke(visit, resource.arn, call.input));
    case 'lambda':
      return invokeWithEnvelope(visit, input);
    case 'states':
      return startExecution(visit, resource, { ...call, input });
    default:
      return callService(visit, resource, input);
  }
}

async function invokeWithEnvelope(visit: Visit, input: JsonObject): Promise<unknown> {
  const payload = input['Payload'] ?? {};
  if (input['InvocationType'] === 'Event') {
    void invoke(visit, String(input['FunctionName']), payload).catch(() => {});
    return { StatusCode: 202 };
  }
  const result = await invoke(visit, String(input['FunctionName']), payload);
  return { ExecutedVersion: '$LATEST', Payload: parsePayload(result), StatusCode: 200 };
}

async function invoke(visit: Visit, nameOrArn: string, payload: unknown): Promise<InvocationResult> {
  let result: InvocationResult;
  try {
    result = await visit.run.calls.lambda(nameOrArn, JSON.stringify(payload ?? null));
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    throw new StateFailure(`Lambda.${cause.type}`, cause.message, { cause });
  }
  if (!result.failed) return result;
  const error = parsePayload(result);
  const type =
    isObject(error) && typeof error['errorType'] === 'string' ? error['errorType'] : 'Lambda.Unknown';
  throw new StateFailure(type, result.payload);
}

function parsePayload(result: InvocationResult): unknown {
  return JSON.parse(result.payload);
}

async function startExecution(
  visit: Visit,
  resource: TaskResource,
  { input, signal }: Call,
): Promise<unknown> {
  const { calls } = visit.run;
  const asked = isObject(input) ? input : {};
  // The name is stored before the start, so that a try that a crash cut off finds the execution that it started.
  const name = String(asked['Name'] ?? visit.cursor.progress.childArn ?? randomUUID());
  advance(visit, { childArn: name });
  const child = calls.startExecution({
    stateMachineArn: String(asked['StateMachineArn']),
    name,
    input: JSON.stringify(asked['Input'] ?? {}),
  });
  const started = { ExecutionArn: child.executionArn, StartDate: child.startDate };
  if (resource.pattern !== 'sync' && resource.pattern !== 'sync:2') return started;
  const end = await orAborted(calls.executionEnd(child.executionArn), signal);
  if (end.status !== 'SUCCEEDED')
    throw new StateFailure('States.TaskFailed', JSON.stringify({ ...started, ...end }));
  const output: unknown = resource.pattern === 'sync' ? end.output : JSON.parse(end.output ?? 'null');
  return { ...started, Status: end.status, Output: output };
}

async function callService(visit: Visit, resource: TaskResource, input: JsonObject): Promise<unknown> {
  const service = integratedServices[resource.service];
  if (service === undefined) throw new Error(`No service "${resource.service}"`);
  const operation = resource.action.charAt(0).toUpperCase() + resource.action.slice(1);
  const isCamel = service.members === 'camel';
  try {
    const sent = isCamel ? respell(input, (letter) => letter.toLowerCase()) : input;
    const output = await visit.run.calls.service(service.target, operation, isObject(sent) ? sent : {});
    return isCamel ? respell(output, (letter) => letter.toUpperCase()) : output;
  } catch (cause) {
    if (!(cause instanceof AwsError)) throw cause;
    const prefix = resource.sdk && service.errors === 'DynamoDB' ? 'DynamoDb' : service.errors;
    throw new StateFailure(`${prefix}.${cause.type}`, cause.message, { cause });
  }
}

/** Step Functions writes all members in Pascal case, whatever the service itself does. */
function respell(value: unknown, spell: (letter: string) => string): unknown {
  if (Array.isArray(value)) return value.map((member) => respell(member, spell));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      spell(key.charAt(0)) + key.slice(1),
      respell(member, spell),
    ]),
  );
}
