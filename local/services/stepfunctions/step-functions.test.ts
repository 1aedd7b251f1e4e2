import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InvocationResult } from '../lambda/protocol.ts';
import { AwsError } from '../service.ts';
import { openStepFunctions } from './step-functions.ts';
import type { StepFunctions } from './step-functions.ts';

type Handler = (event: Record<string, unknown>) => unknown;

const place = { region: 'eu-west-1', account: '000000000000' };
const invokeArn = 'arn:aws:states:::lambda:invoke';
const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:f';

let directory: string;
let service: StepFunctions;
let handler: Handler;
let ends: Map<string, (execution: Record<string, unknown>) => void>;
let services: (target: string, operation: string, input: Record<string, unknown>) => Promise<unknown>;

function open(): StepFunctions {
  return openStepFunctions({
    file: join(directory, 'sfn.db'),
    place,
    calls: {
      lambda: (_name, payload) => callHandler(payload),
      service: (target, operation, input) => services(target, operation, input),
    },
    onChange: (execution) => {
      if (execution.status !== 'RUNNING') ends.get(execution.executionArn)?.(execution);
    },
  });
}

async function callHandler(payload: string): Promise<InvocationResult> {
  try {
    const result = await handler(JSON.parse(payload) as Record<string, unknown>);
    return { failed: false, payload: JSON.stringify(result ?? null) };
  } catch (error) {
    if (error instanceof AwsError) throw error;
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { failed: true, payload: JSON.stringify({ errorType: name, errorMessage: message }) };
  }
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sfn-'));
  ends = new Map();
  handler = (event) => event;
  services = () => Promise.reject(new Error('no service'));
  service = open();
});
afterEach(async () => {
  await service.close();
  rmSync(directory, { recursive: true, force: true });
});

/** As a kill would leave it, except that no code of the old process runs any more. */
async function restart(): Promise<void> {
  await service.close();
  service = open();
}

interface Definition {
  readonly StartAt: string;
  readonly States: Record<string, unknown>;
  readonly [member: string]: unknown;
}

function start(definition: Definition, input: unknown = {}, name = 'one'): Promise<string> {
  const stateMachineArn = service.putStateMachine('m', JSON.stringify(definition));
  return service
    .invoke('StartExecution', { stateMachineArn, name, input: JSON.stringify(input) })
    .then((started) => (started as { executionArn: string }).executionArn);
}

async function end(executionArn: string): Promise<Record<string, unknown>> {
  const ended = new Promise<Record<string, unknown>>((resolve) => ends.set(executionArn, resolve));
  const now = (await service.invoke('DescribeExecution', { executionArn })) as Record<string, unknown>;
  return now['status'] === 'RUNNING' ? ended : now;
}

async function outputOf(definition: Definition, input: unknown = {}): Promise<unknown> {
  const execution = await end(await start(definition, input));
  expect(execution).toMatchObject({ status: 'SUCCEEDED' });
  return JSON.parse(String(execution['output']));
}

const one = (state: Record<string, unknown>): Definition => ({
  StartAt: 'S',
  States: { S: { End: true, ...state } },
});
const task = (more: Record<string, unknown> = {}) => ({ Type: 'Task', Resource: functionArn, ...more });

async function historyTypes(executionArn: string): Promise<string[]> {
  const history = (await service.invoke('GetExecutionHistory', { executionArn, maxResults: 1000 })) as {
    events: { type: string }[];
  };
  return history.events.map((event) => event.type);
}

describe('JSONPath', () => {
  it('shapes data by InputPath, Parameters, ResultSelector, ResultPath and OutputPath', async () => {
    handler = (event) => ({ sum: Number(event['a']) + Number(event['b']), noise: true });
    const state = task({
      InputPath: '$.in',
      Parameters: { 'a.$': '$.x', b: 2 },
      ResultSelector: { 'total.$': '$.sum' },
      ResultPath: '$.out.result',
      OutputPath: '$.out',
    });
    expect(await outputOf(one(state), { in: { x: 1 }, out: { kept: 1 } })).toEqual({
      kept: 1,
      result: { total: 3 },
    });
  });

  it('discards the result where ResultPath is null', async () => {
    expect(await outputOf(one(task({ ResultPath: null })), { a: 1 })).toEqual({ a: 1 });
  });

  it('reads lists by indefinite paths, and fails on a definite path that leads nowhere', async () => {
    const pick = (path: string) => one({ Type: 'Pass', Parameters: { 'x.$': path } });
    const input = { list: [{ n: 1 }, { n: 2 }, { n: 3 }], 'odd key': 0 };
    expect(await outputOf(pick('$.list[*].n'), input)).toEqual({ x: [1, 2, 3] });
    await restart();
    expect((await end(await start(pick('$.none.n'), input, 'two')))['error']).toBe('States.Runtime');
    expect((await end(await start(pick("$['odd key']"), input, 'three')))['output']).toBe('{"x":0}');
    expect((await end(await start(pick('$.list[?(@.n > 1)].n'), input, 'four')))['output']).toBe(
      '{"x":[2,3]}',
    );
  });

  it.each([
    ["States.Format('{}-{}', $.s, $.n)", 'abc-5'],
    ["States.Format('it\\'s \\{\\} {}', $.n)", "it's {} 5"],
    ["States.StringToJson('[1,2]')", [1, 2]],
    ['States.JsonToString($.list)', '[1,2,2,3]'],
    ['States.ArrayPartition($.list, 3)', [[1, 2, 2], [3]]],
    ['States.ArrayContains($.list, 3)', true],
    ['States.ArrayRange(1, 7, 3)', [1, 4, 7]],
    ['States.ArrayGetItem($.list, 3)', 3],
    ['States.ArrayLength(States.ArrayUnique($.list))', 3],
    ["States.Base64Decode(States.Base64Encode('x'))", 'x'],
    ["States.Hash('a', 'MD5')", '0cc175b9c0f1b6a831c399e269772661'],
    ['States.MathAdd($.n, -1)', 4],
    ["States.StringSplit('a,b;c', ',;')", ['a', 'b', 'c']],
    ['States.JsonMerge($.first, $.second, false)', { a: 1, b: 2 }],
  ])('evaluates %s', async (expression, value) => {
    const input = { s: 'abc', n: 5, list: [1, 2, 2, 3], first: { a: 0, b: 2 }, second: { a: 1 } };
    expect(await outputOf(one({ Type: 'Pass', Parameters: { 'x.$': expression } }), input)).toEqual({
      x: value,
    });
  });

  it('keeps variables from state to state', async () => {
    const definition = {
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Result: { n: 7 }, Assign: { 'seen.$': '$.n' }, Next: 'B' },
        B: { Type: 'Pass', Parameters: { 'back.$': '$seen' }, End: true },
      },
    };
    expect(await outputOf(definition)).toEqual({ back: 7 });
  });

  it('offers the context object', async () => {
    const state = {
      Type: 'Pass',
      Parameters: {
        'name.$': '$$.Execution.Name',
        'state.$': '$$.State.Name',
        'id.$': '$$.StateMachine.Name',
      },
    };
    expect(await outputOf(one(state))).toEqual({ name: 'one', state: 'S', id: 'm' });
  });
});

describe('Choice', () => {
  it.each([
    [{ Variable: '$.n', NumericGreaterThanEquals: 5 }, true],
    [{ Variable: '$.n', NumericLessThanPath: '$.m' }, true],
    [{ Variable: '$.s', NumericEquals: 5 }, false],
    [{ Variable: '$.s', StringMatches: 'a*c' }, true],
    [{ Variable: '$.s', StringMatches: String.raw`a\*c` }, false],
    [{ Variable: '$.at', TimestampLessThan: '2026-01-01T00:00:00Z' }, true],
    [{ Variable: '$.nothing', IsPresent: false }, true],
    [{ Variable: '$.null', IsPresent: true }, true],
    [{ Variable: '$.null', IsNull: true }, true],
    [{ Variable: '$.at', IsTimestamp: true }, true],
    [
      { And: [{ Variable: '$.n', IsNumeric: true }, { Not: { Variable: '$.b', BooleanEquals: true } }] },
      true,
    ],
    [
      {
        Or: [
          { Variable: '$.n', IsString: true },
          { Variable: '$.b', IsBoolean: true },
        ],
      },
      true,
    ],
  ])('decides %j as %s', async (rule, holds) => {
    const definition = {
      StartAt: 'C',
      States: {
        C: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
        Yes: { Type: 'Pass', Result: true, End: true },
        No: { Type: 'Pass', Result: false, End: true },
      },
    };
    const input = { n: 5, m: 6, s: 'abc', b: false, null: null, at: '2025-06-01T00:00:00Z' };
    expect(await outputOf(definition, input)).toBe(holds);
  });

  it('without a match and a default fails with States.NoChoiceMatched', async () => {
    const choice = { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'E' }] };
    const execution = await end(
      await start({ StartAt: 'C', States: { C: choice, E: { Type: 'Succeed' } } }, { n: 2 }),
    );
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
  });
});

describe('JSONata', () => {
  it('evaluates Arguments, Assign, Output and conditions', async () => {
    handler = (event) => ({ doubled: Number(event['n']) * 2 });
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'T',
      States: {
        T: task({
          Arguments: { n: '{% $sum($states.input.xs) %}' },
          Assign: { d: '{% $states.result.doubled %}' },
          Output: { in: '{% $states.input %}', name: '{% $states.context.State.Name %}' },
          Next: 'C',
        }),
        C: { Type: 'Choice', Choices: [{ Condition: '{% $d > 10 %}', Next: 'End' }], Default: 'Bad' },
        End: { Type: 'Pass', Output: { d: '{% $d %}', name: '{% $states.input.name %}' }, End: true },
        Bad: { Type: 'Fail', Error: 'bad' },
      },
    };
    expect(await outputOf(definition, { xs: [1, 2, 3] })).toEqual({ d: 12, name: 'T' });
  });

  it('goes through items and gives a caught error to Output', async () => {
    handler = () => {
      throw Object.assign(new Error('x'), { name: 'Odd' });
    };
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'M',
      States: {
        M: {
          Type: 'Map',
          Items: '{% $states.input.xs %}',
          ItemSelector: {
            i: '{% $states.context.Map.Item.Index %}',
            v: '{% $states.context.Map.Item.Value %}',
          },
          ItemProcessor: {
            StartAt: 'T',
            States: {
              T: task({
                End: true,
                Catch: [{ ErrorEquals: ['Odd'], Output: '{% $states.errorOutput.Error %}', Next: 'P' }],
              }),
              P: { Type: 'Pass', End: true },
            },
          },
          End: true,
        },
      },
    };
    expect(await outputOf(definition, { xs: ['a', 'b'] })).toEqual(['Odd', 'Odd']);
  });

  it('fails on an expression that gives nothing', async () => {
    const definition = {
      QueryLanguage: 'JSONata',
      ...one({ Type: 'Pass', Output: '{% $states.input.none %}' }),
    };
    expect((await end(await start(definition)))['error']).toBe('States.QueryEvaluationError');
  });
});

describe('errors', () => {
  const fails = (name: string) => () => {
    throw Object.assign(new Error('why'), { name });
  };

  it('are retried by the first retrier that covers them, then caught', async () => {
    let calls = 0;
    handler = () => {
      calls += 1;
      return fails('Flaky')();
    };
    const definition = {
      StartAt: 'T',
      States: {
        T: task({
          Retry: [
            { ErrorEquals: ['Other'], MaxAttempts: 9 },
            { ErrorEquals: ['States.ALL'], IntervalSeconds: 0.01, MaxAttempts: 2, BackoffRate: 1 },
          ],
          Catch: [{ ErrorEquals: ['States.TaskFailed'], ResultPath: '$.error', Next: 'End' }],
          End: true,
        }),
        End: { Type: 'Pass', End: true },
      },
    };
    const output = (await outputOf(definition, { kept: 1 })) as { error: { Error: string; Cause: string } };
    expect(calls).toBe(3);
    expect(output).toMatchObject({ kept: 1, error: { Error: 'Flaky' } });
    expect(JSON.parse(output.error.Cause)).toEqual({ errorType: 'Flaky', errorMessage: 'why' });
  });

  it('of the Lambda service have their own names', async () => {
    handler = () => {
      throw new AwsError(500, 'ServiceException', 'the host is gone');
    };
    const parameters = { Resource: invokeArn, Parameters: { FunctionName: 'f' } };
    expect((await end(await start(one(task(parameters)))))['error']).toBe('Lambda.ServiceException');
  });

  it('of a Fail state end the execution with its error and cause', async () => {
    const execution = await end(
      await start(one({ Type: 'Fail', Error: 'No', CausePath: '$.why' }), { why: 'because' }),
    );
    expect(execution).toMatchObject({ status: 'FAILED', error: 'No', cause: 'because' });
  });

  it('of one branch end the others and are caught as one', async () => {
    const definition = {
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'Boom' } } },
            { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 3600, End: true } } },
          ],
          Catch: [{ ErrorEquals: ['Boom'], Next: 'End' }],
          End: true,
        },
        End: { Type: 'Pass', End: true },
      },
    };
    expect(await outputOf(definition)).toEqual({ Error: 'Boom', Cause: '' });
  });

  it('of the machine itself are not covered by States.ALL', async () => {
    const state = { Type: 'Pass', Parameters: { 'x.$': '$.none' } };
    const definition = one({
      ...task(),
      Parameters: state.Parameters,
      Retry: [{ ErrorEquals: ['States.ALL'] }],
    });
    expect((await end(await start(definition)))['error']).toBe('States.Runtime');
  });

  it('come of a task that takes too long', async () => {
    handler = () => new Promise(() => {});
    const execution = await end(await start(one(task({ TimeoutSeconds: 0.05 }))));
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  it('come of an execution that takes too long', async () => {
    const definition = { ...one({ Type: 'Wait', Seconds: 3600 }), TimeoutSeconds: 0.05 };
    expect(await end(await start(definition))).toMatchObject({
      status: 'TIMED_OUT',
      error: 'States.Timeout',
    });
  });
});

describe('Map', () => {
  it('keeps the order of items and the limit of concurrency', async () => {
    let [running, most] = [0, 0];
    handler = async (event) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return Number(event['n']) * Number(event['by']);
    };
    const state = {
      Type: 'Map',
      ItemsPath: '$.ns',
      ItemSelector: { 'n.$': '$$.Map.Item.Value', 'by.$': '$.by' },
      MaxConcurrency: 2,
      ItemProcessor: { StartAt: 'T', States: { T: task({ End: true }) } },
    };
    expect(await outputOf(one(state), { ns: [1, 2, 3, 4, 5], by: 10 })).toEqual([10, 20, 30, 40, 50]);
    expect(most).toBe(2);
  });
});

describe('a task token', () => {
  const waiting = (more: Record<string, unknown> = {}) =>
    one(
      task({
        Resource: `${invokeArn}.waitForTaskToken`,
        Parameters: { FunctionName: 'f', Payload: { 'token.$': '$$.Task.Token' } },
        ...more,
      }),
    );
  const nextToken = () =>
    new Promise<string>((resolve) => {
      handler = (event) => resolve(String(event['token']));
    });

  it('ends its task with an output', async () => {
    const token = nextToken();
    const arn = await start(waiting());
    await service.invoke('SendTaskSuccess', { taskToken: await token, output: '{"ok":true}' });
    expect((await end(arn))['output']).toBe('{"ok":true}');
    await expect(
      service.invoke('SendTaskSuccess', { taskToken: await token, output: '1' }),
    ).rejects.toMatchObject({ type: 'TaskDoesNotExist' });
  });

  it('survives a restart without a second call of the function', async () => {
    const token = nextToken();
    const arn = await start(waiting());
    await token;
    await expect.poll(() => historyTypes(arn)).toContain('TaskSubmitted');
    await restart();
    let calls = 0;
    handler = () => (calls += 1);
    await service.invoke('SendTaskFailure', { taskToken: await token, error: 'Refused', cause: 'no' });
    service.resume();
    expect(await end(arn)).toMatchObject({ status: 'FAILED', error: 'Refused', cause: 'no' });
    expect(calls).toBe(0);
  });

  it('without a heartbeat in time fails its task', async () => {
    void nextToken();
    expect(await end(await start(waiting({ HeartbeatSeconds: 0.05 })))).toMatchObject({
      error: 'States.HeartbeatTimeout',
    });
  });
});

describe('a restart', () => {
  it('goes on in a retry with its counters', async () => {
    let calls = 0;
    const called = new Promise<void>((resolve) => {
      handler = () => {
        calls += 1;
        resolve();
        throw Object.assign(new Error('x'), { name: 'Flaky' });
      };
    });
    const retry = { ErrorEquals: ['Flaky'], IntervalSeconds: 0.3, MaxAttempts: 1, BackoffRate: 1 };
    const arn = await start(one(task({ Retry: [retry] })));
    await called;
    await expect.poll(() => historyTypes(arn)).toContain('LambdaFunctionFailed');
    await restart();
    service.resume();
    expect(await end(arn)).toMatchObject({ status: 'FAILED', error: 'Flaky' });
    expect(calls).toBe(2);
  });

  it('does not repeat the iterations that were done', async () => {
    const calls: number[] = [];
    let release: () => void = () => {};
    const reached = new Promise<void>((resolve) => {
      handler = (event) => {
        calls.push(Number(event['n']));
        if (event['n'] !== 3) return event['n'];
        resolve();
        return new Promise((done) => (release = () => done(3)));
      };
    });
    const state = {
      Type: 'Map',
      ItemsPath: '$.ns',
      MaxConcurrency: 1,
      ItemSelector: { 'n.$': '$$.Map.Item.Value' },
      ItemProcessor: { StartAt: 'T', States: { T: task({ End: true }) } },
    };
    const arn = await start(one(state), { ns: [1, 2, 3] });
    await reached;
    await restart();
    release();
    handler = (event) => calls.push(Number(event['n'])) && event['n'];
    service.resume();
    expect((await end(arn))['output']).toBe('[1,2,3]');
    expect(calls).toEqual([1, 2, 3, 3]);
  });

  it('keeps the definition that an execution was started with', async () => {
    const arn = await start({
      StartAt: 'W',
      States: {
        W: { Type: 'Wait', Seconds: 0.2, Next: 'End' },
        End: { Type: 'Pass', Result: 'old', End: true },
      },
    });
    await restart();
    service.putStateMachine('m', JSON.stringify(one({ Type: 'Pass', Result: 'new' })));
    service.resume();
    expect((await end(arn))['output']).toBe('"old"');
  });
});

describe('the API', () => {
  it('takes the same start twice for one, and refuses another under its name', async () => {
    const definition = one({ Type: 'Wait', Seconds: 3600 });
    const first = await start(definition, { a: 1 });
    expect(await start(definition, { a: 1 })).toBe(first);
    await expect(start(definition, { a: 2 })).rejects.toMatchObject({ type: 'ExecutionAlreadyExists' });
    await service.invoke('StopExecution', { executionArn: first, error: 'Enough', cause: 'stopped' });
    expect(await end(first)).toMatchObject({ status: 'ABORTED', error: 'Enough', cause: 'stopped' });
    await expect(start(definition, { a: 1 })).rejects.toMatchObject({ type: 'ExecutionAlreadyExists' });
  });

  it('tells the history in the words of AWS', async () => {
    const arn = await start(one(task()));
    await end(arn);
    expect(await historyTypes(arn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('lists executions page by page', async () => {
    for (const name of ['a', 'b', 'c']) await end(await start(one({ Type: 'Succeed' }), {}, name));
    const stateMachineArn = 'arn:aws:states:eu-west-1:000000000000:stateMachine:m';
    const page = { stateMachineArn, maxResults: 2, statusFilter: 'SUCCEEDED' };
    const first = (await service.invoke('ListExecutions', page)) as {
      executions: unknown[];
      nextToken: string;
    };
    const second = (await service.invoke('ListExecutions', { ...page, nextToken: first.nextToken })) as {
      executions: unknown[];
    };
    expect([first.executions.length, second.executions.length]).toEqual([2, 1]);
  });

  it.each([
    [
      one({ Type: 'Map', ItemReader: {}, ItemProcessor: one({ Type: 'Succeed' }) }),
      'state "S": member "ItemReader" is not implemented locally',
    ],
    [
      one({ Type: 'Task', Resource: 'arn:aws:states:::glue:startJobRun' }),
      'resource "arn:aws:states:::glue:startJobRun" is not implemented locally',
    ],
    [{ StartAt: 'S', States: { S: { Type: 'Pass', Next: 'Gone' } } }, 'there is no state "Gone"'],
    [
      { QueryLanguage: 'JSONata', ...one({ Type: 'Wait', SecondsPath: '$.x' }) },
      'member "SecondsPath" does not belong to JSONata',
    ],
  ])('refuses a definition that it cannot run: %#', async (definition, message) => {
    const creating = service.invoke('CreateStateMachine', {
      name: 'm',
      definition: JSON.stringify(definition),
    });
    await expect(creating).rejects.toMatchObject({
      type: 'InvalidDefinition',
      message: expect.stringContaining(message) as string,
    });
  });

  it('calls other services with their own spelling of members', async () => {
    const seen: unknown[] = [];
    services = (target, operation, input) => {
      seen.push([target, operation, input]);
      if (operation === 'PutItem') throw new AwsError(400, 'ConditionalCheckFailedException', 'no');
      return Promise.resolve({ tasks: [{ taskArn: 't' }] });
    };
    const run = {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:ecs:runTask',
      Parameters: { TaskDefinition: 'd' },
    };
    expect(await outputOf(one(run))).toEqual({ Tasks: [{ TaskArn: 't' }] });
    expect(seen).toEqual([['AmazonEC2ContainerServiceV20141113', 'RunTask', { taskDefinition: 'd' }]]);
    const put = { Type: 'Task', Resource: 'arn:aws:states:::dynamodb:putItem', Parameters: {} };
    expect((await end(await start(one(put), {}, 'two')))['error']).toBe(
      'DynamoDB.ConditionalCheckFailedException',
    );
  });

  it('waits for the execution that a task started', async () => {
    const child = service.putStateMachine('child', JSON.stringify(one({ Type: 'Pass', Result: { n: 1 } })));
    const state = {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Parameters: { StateMachineArn: child },
      OutputPath: '$.Output',
    };
    expect(await outputOf(one(state))).toEqual({ n: 1 });
  });
});
