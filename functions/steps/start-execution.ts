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

let client: SFNClient | undefined;

function stepFunctions(): SFNClient {
  client ??= new SFNClient({});
  return client;
}

/** Starts the execution of an operation; one that was started before is left alone. */
export async function startExecution(operation: Operation): Promise<void> {
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

/** The same for an operation that is written already: what fails now, the sweep does within a minute. */
export async function startExecutionSoon(operation: Operation): Promise<void> {
  try {
    await startExecution(operation);
  } catch (error) {
    logger.warn('An execution was not started; the sweep will start it', {
      operationId: operation.id,
      deploymentId: operation.deploymentId,
      ...errorFields(error),
    });
  }
}

/** How the execution of an operation stands. */
export async function executionState(operationId: string): Promise<ExecutionState> {
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
