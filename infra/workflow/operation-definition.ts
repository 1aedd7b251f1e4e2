/** The state machine of an operation in Amazon States Language, made from the workflows of the contract. */
import { failureStep, RETRYABLE_ERROR, workflows } from '#contract/workflows.ts';
import type { WorkflowStep } from '#contract/workflows.ts';

type State = Readonly<Record<string, unknown>>;

/** Faults of Lambda itself: the step may not have run at all, and every step may run twice. */
const LAMBDA_FAULTS = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
];

const FAILURE_STATE = failureStep.step;

/**
 * One chain of tasks per kind of operation behind one choice.
 *
 * A step keeps its own deadline, so retrying has no limit of its own here; whatever else goes wrong leads to the
 * failure step, which states what the deployment is now, and the execution fails.
 */
export function operationDefinition(stepsFunctionArn: string): Record<string, unknown> {
  const kinds = Object.entries(workflows);
  const chains = kinds.flatMap(([kind, steps]) => chainOf(kind, steps, stepsFunctionArn));
  return {
    Comment: 'Carries out one operation on a deployment',
    StartAt: 'choose-workflow',
    States: {
      'choose-workflow': {
        Type: 'Choice',
        Choices: kinds.map(([kind, steps]) => ({
          Variable: '$.kind',
          StringEquals: kind,
          Next: stateName(kind, steps[0]),
        })),
        Default: 'unknown-kind',
      },
      ...Object.fromEntries(chains),
      done: { Type: 'Succeed' },
      'unknown-kind': {
        Type: 'Fail',
        Error: 'UnknownKind',
        Cause: 'The workflow of this kind of operation is not known',
      },
      [FAILURE_STATE]: {
        ...task(failureStep, stepsFunctionArn, { 'error.$': '$.error' }),
        Next: 'failed',
      },
      failed: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
    },
  };
}

function chainOf(kind: string, steps: readonly WorkflowStep[], functionArn: string): [string, State][] {
  return steps.map((step, index) => {
    const next = steps[index + 1];
    return [
      stateName(kind, step),
      {
        ...task(step, functionArn, {}),
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: FAILURE_STATE }],
        Next: next === undefined ? 'done' : stateName(kind, next),
      },
    ];
  });
}

function stateName(kind: string, step: WorkflowStep | undefined): string {
  if (step === undefined) throw new Error(`Cannot define the workflow "${kind}": it has no steps`);
  return `${kind}: ${step.step}`;
}

function task(step: WorkflowStep, functionArn: string, extra: State): State {
  return {
    Type: 'Task',
    Comment: step.title,
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: {
      FunctionName: functionArn,
      Payload: {
        step: step.step,
        'operationId.$': '$.operationId',
        'namespace.$': '$.namespace',
        ...extra,
      },
    },
    // The input goes on unchanged: every step loads what it needs by the operation's id.
    ResultPath: null,
    TimeoutSeconds: 60,
    ...(step.retry === 'transient' && { Retry: retries() }),
  };
}

function retries(): State[] {
  return [
    { ErrorEquals: [RETRYABLE_ERROR], IntervalSeconds: 1, MaxAttempts: 99_999, BackoffRate: 1 },
    {
      ErrorEquals: [...LAMBDA_FAULTS, 'States.Timeout'],
      IntervalSeconds: 1,
      MaxAttempts: 8,
      BackoffRate: 2,
      MaxDelaySeconds: 20,
      JitterStrategy: 'FULL',
    },
  ];
}
