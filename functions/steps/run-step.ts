/** The function `steps`: runs one step of an operation and records how it went. */
import { Problem } from '#contract/problems.ts';
import { endedOperationStates } from '#contract/resources/operation.ts';
import type { OperationStep } from '#contract/resources/operation.ts';
import { failureStep, workflows } from '#contract/workflows.ts';
import type { StepInput, WorkflowStep } from '#contract/workflows.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import { invariant } from '../middleware/invariant.ts';
import { platform } from '../middleware/platform.ts';
import type { Platform } from '../middleware/platform.ts';
import { endsBefore } from '../control/decide-cancellation.ts';
import { beginQueuedSoon } from '../operations/begin-queued.ts';
import type { Write } from '../stores/database.ts';
import { caughtReason } from './caught-reason.ts';
import { closeFailed } from '../operations/close-failed.ts';
import { closeCancelled } from '../operations/close-cancelled.ts';
import { examineLostSoon } from './examine-lost.ts';
import { steps } from './index.ts';
import { openContext, saveOperation } from './open-context.ts';
import type { OpenContext } from './open-context.ts';
import { isTransient, RetryableError } from './retryable-error.ts';
import type { Step, StepOutcome } from './step.ts';

/** What is said of a run that did what it should. */
export interface StepRun {
  readonly message: string;
}

export async function handler(input: StepInput): Promise<StepRun> {
  logger.resetKeys();
  logger.appendKeys({ operationId: input.operationId, step: input.step });
  return runStep(platform(), input);
}

/** Runs one step as the state machine asks for it; what it throws says whether to ask again. */
export async function runStep(platform: Platform, input: StepInput): Promise<StepRun> {
  const operation = await platform.stores.operations.get(input.operationId);
  invariant(operation !== undefined, `operation ${input.operationId} was accepted before it is carried out`);
  const hasEnded = endedOperationStates.includes(operation.state);
  // The state machine runs a step again when it lost the answer of the run that ended the operation.
  if (hasEnded) return { message: `The operation has ${operation.state}.` };
  const found = [...workflows[operation.kind], failureStep].find(({ step }) => step === input.step);
  invariant(found !== undefined, `${input.step} is a step of ${operation.kind}`);
  const context = await openContext(platform, operation, found);
  if (found === failureStep) return fail(context, input);
  if (endsBefore(operation, input.step)) return cancel(context);
  const step = steps[input.step];
  invariant(step !== undefined, `${input.step} is registered`);
  const done = await run(context, step);
  if (endedOperationStates.includes(context.operation.state)) await beginQueuedSoon(platform, operation);
  return done;
}

async function run(context: OpenContext, step: Step): Promise<StepRun> {
  const recorded = recordedStep(context);
  if (recorded.state === 'succeeded' || recorded.state === 'skipped') return { message: 'Done before.' };
  try {
    if (recorded.state === 'pending') {
      await record(context, { state: 'running', attempts: 1, startedAt: context.at }, { message: '' });
    }
    const outcome = await step(context);
    const state = outcome.isSkipped === true ? 'skipped' : 'succeeded';
    await record(context, { state, endedAt: timeOf(context), message: outcome.message }, outcome);
    return { message: outcome.message };
  } catch (error) {
    throw await afterError(context, error);
  }
}

async function fail(context: OpenContext, input: StepInput): Promise<StepRun> {
  try {
    const message = await closeFailed(context, caughtReason(input.error));
    await examineLostSoon(context);
    await beginQueuedSoon(context.platform, context.operation);
    return { message };
  } catch (error) {
    throw isTransient(error) ? asRetryable(error) : error;
  }
}

/** The steps that are left find that the operation has ended. */
async function cancel(context: OpenContext): Promise<StepRun> {
  try {
    const message = await closeCancelled(context);
    await beginQueuedSoon(context.platform, context.operation);
    return { message };
  } catch (error) {
    throw isTransient(error) ? asRetryable(error) : error;
  }
}

async function afterError(context: OpenContext, error: unknown): Promise<unknown> {
  const reason = error instanceof Error ? error.message : String(error);
  if (isTransient(error) && !isOverdue(context)) {
    const retryable = asRetryable(error);
    await recordQuietly(context, retryable);
    return retryable;
  }
  const problem = asProblem(context, error, reason);
  logger.warn('A step failed', { kind: context.operation.kind, ...errorFields(error) });
  await record(
    context,
    { state: 'failed', endedAt: timeOf(context), message: reason },
    { message: reason, change: { problem: problem.toBody() } },
  );
  return problem;
}

/** Notes a try that went wrong, and tells of it once for each reason. Waiting is no try. */
async function recordQuietly(context: OpenContext, error: RetryableError): Promise<void> {
  const { attempts, message } = recordedStep(context);
  if (error.isWaiting && message === error.message) return;
  try {
    const told = error.isWaiting || message === error.message ? [] : [retried(context, error)];
    const tries = error.isWaiting ? attempts : attempts + 1;
    await record(context, { attempts: tries, message: error.message }, { message: '', writes: told });
  } catch (cause) {
    // The other run of this step has written first; its note is as good.
    logger.info('A retry was not noted', errorFields(cause));
  }
}

function retried({ step, event }: OpenContext, { message }: RetryableError): Write {
  return event({ name: 'step-retried', severity: 'warning', message: `${step.title}: ${message}` });
}

function timeOf({ platform }: OpenContext): string {
  return platform.now().toISOString();
}

function isOverdue(context: OpenContext): boolean {
  const { startedAt } = recordedStep(context);
  if (startedAt === null) return false;
  return context.platform.now().getTime() - Date.parse(startedAt) > context.step.timeoutSeconds * 1000;
}

function asRetryable(error: unknown): RetryableError {
  if (error instanceof RetryableError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new RetryableError(message, { cause: error });
}

function asProblem(context: OpenContext, error: unknown, reason: string): Problem {
  if (error instanceof Problem) return error;
  const { operation, deployment, step } = context;
  const refused = `Cannot ${operation.kind} deployment "${deployment.name}": step "${step.title}"`;
  return isTransient(error)
    ? new Problem('job-unreachable', `${refused} did not end within ${step.timeoutSeconds} s: ${reason}`)
    : new Problem('internal', `${refused} failed: ${reason}`, { cause: error });
}

function recordedStep({ operation, step }: OpenContext): OperationStep {
  const found = operation.steps.find(({ name }) => name === step.step);
  invariant(found !== undefined, `operation ${operation.id} has a step ${step.step}`);
  return found;
}

async function record(
  context: OpenContext,
  change: Partial<OperationStep>,
  outcome: StepOutcome,
): Promise<void> {
  const { step }: { step: WorkflowStep } = context;
  const changed = context.operation.steps.map((recorded) =>
    recorded.name === step.step ? { ...recorded, ...change } : recorded,
  );
  await saveOperation(context, { ...outcome.change, steps: changed }, outcome.writes ?? []);
}
