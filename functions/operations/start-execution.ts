/** Executions of the state machine: one per operation, named by its id. */
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Operation } from '#contract/resources/operation.ts';
import type { WorkflowInput } from '#contract/workflows.ts';
import type { ExecutionState } from '../control/observe.ts';
import { setting } from '../middleware/environment.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import type { Platform } from '../middleware/platform.ts';

/** The state machine, one execution an operation. */
export interface Executions {
  /** Starts the execution of an operation; one that was started before is left alone. */
  start(operation: Operation): Promise<void>;
  /** How the execution of an operation stands. */
  state(operationId: string): Promise<ExecutionState>;
}

/** The platform's executions: they run on Step Functions. */
export const stepFunctionsExecutions: Executions = { start: startExecution, state: executionState };

let client: SFNClient | undefined;

function stepFunctions(): SFNClient {
  client ??= new SFNClient({});
  return client;
}

async function startExecution(operation: Operation): Promise<void> {
  const input: WorkflowInput = {
    kind: operation.kind,
    operationId: operation.id,
    namespace: operation.namespace,
  };
  try {
    await stepFunctions().send(
      new StartExecutionCommand({
        stateMachineArn: setting('workflow'),
        name: operation.id,
        input: JSON.stringify(input),
      }),
    );
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
}

/** The start for an operation that is written already: what fails now, the sweep does within a minute. */
export async function startExecutionSoon(
  { executions }: Pick<Platform, 'executions'>,
  operation: Operation,
): Promise<void> {
  try {
    await executions.start(operation);
  } catch (error) {
    logger.warn('An execution was not started; the sweep will start it', {
      operationId: operation.id,
      deploymentId: operation.deploymentId,
      ...errorFields(error),
    });
  }
}

async function executionState(operationId: string): Promise<ExecutionState> {
  try {
    const answer = await stepFunctions().send(
      new DescribeExecutionCommand({ executionArn: executionArn(operationId) }),
    );
    if (answer.status === 'SUCCEEDED') return 'succeeded';
    return answer.status === 'RUNNING' ? 'running' : 'failed';
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return 'missing';
    throw error;
  }
}

function executionArn(operationId: string): string {
  return `${setting('workflow').replace(':stateMachine:', ':execution:')}:${operationId}`;
}
