/** Step Functions: standard workflows that go on where they stood after any end of the process. */
import { randomUUID } from 'node:crypto';
import { isObject, optionalNumber, optionalText, text } from '../../input.ts';
import { arnOf } from '../../place.ts';
import type { Place } from '../../place.ts';
import { AwsError, jsonService } from '../service.ts';
import type { JsonService, OperationInput } from '../service.ts';
import { parseDefinition } from './definition.ts';
import { Executions } from './execution.ts';
import { Journal } from './journal.ts';
import type { EventRow, ExecutionRow, MachineRow } from './journal.ts';
import type { ChildExecution, TaskCalls } from './task-calls.ts';
import { TaskTokens } from './task-tokens.ts';

const inputBytesMax = 256 * 1024;
const pageMax = 1_000;

/** The service with the calls that the template interpreter makes in the process. */
export interface StepFunctions extends JsonService {
  /** Defines or redefines a machine; executions that run keep the definition that they were started with. */
  putStateMachine(name: string, definition: string): string;
  /** Goes on with the executions of an earlier process, once functions and machines are defined. */
  resume(): void;
}

/** Options of `openStepFunctions`. */
export interface StepFunctionsOptions {
  readonly file: string;
  readonly place: Place;
  readonly calls: Pick<TaskCalls, 'lambda' | 'service'>;
  /** Told when an execution starts or ends. */
  onChange?(execution: ReturnType<typeof describeExecution>): void;
}

interface Parts {
  readonly place: Place;
  readonly journal: Journal;
  readonly tokens: TaskTokens;
  readonly executions: Executions;
}

/** Opens Step Functions over one SQLite file. */
export function openStepFunctions(options: StepFunctionsOptions): StepFunctions {
  const journal = new Journal(options.file);
  const tokens = new TaskTokens(journal);
  const calls: TaskCalls = {
    ...options.calls,
    startExecution: (input) => startExecution(parts, input),
    async executionEnd(arn) {
      await executions.ended(arn);
      const { status, output, error, cause } = existingExecution(parts, arn);
      return { status, output, error, cause };
    },
  };
  const onChange = (row: ExecutionRow) => options.onChange?.(describeExecution(row));
  const executions = new Executions({ journal, tokens, calls, onChange });
  const parts: Parts = { place: options.place, journal, tokens, executions };
  const service = jsonService({
    targets: ['AWSStepFunctions'],
    contentType: 'application/x-amz-json-1.0',
    operations: { ...machineOperations(parts), ...executionOperations(parts), ...tokenOperations(parts) },
    async close() {
      await executions.close();
      journal.close();
    },
  });
  return {
    ...service,
    putStateMachine: (name, definition) => putMachine(parts, name, definition).arn,
    resume() {
      for (const execution of journal.running()) executions.start(execution);
    },
  };
}

type Operations = Parameters<typeof jsonService>[0]['operations'];

function machineOperations(parts: Parts): Operations {
  return {
    CreateStateMachine(input) {
      const machine = wellDefined(() => putMachine(parts, text(input, 'name'), text(input, 'definition')));
      return { stateMachineArn: machine.arn, creationDate: machine.created_at / 1000 };
    },
    UpdateStateMachine(input) {
      const machine = existingMachine(parts, text(input, 'stateMachineArn'));
      wellDefined(() =>
        putMachine(parts, machine.name, optionalText(input, 'definition') ?? machine.definition),
      );
      return { updateDate: Date.now() / 1000 };
    },
    DeleteStateMachine(input) {
      parts.journal.deleteMachine(text(input, 'stateMachineArn'));
      return {};
    },
    ListStateMachines: () => ({
      stateMachines: parts.journal.machines().map((machine) => ({
        stateMachineArn: machine.arn,
        name: machine.name,
        type: 'STANDARD',
        creationDate: machine.created_at / 1000,
      })),
    }),
    DescribeStateMachine(input) {
      const machine = existingMachine(parts, text(input, 'stateMachineArn'));
      return {
        stateMachineArn: machine.arn,
        name: machine.name,
        definition: machine.definition,
        roleArn: `arn:aws:iam::${parts.place.account}:role/local`,
        type: 'STANDARD',
        status: 'ACTIVE',
        creationDate: machine.created_at / 1000,
      };
    },
  };
}

function executionOperations(parts: Parts): Operations {
  return {
    StartExecution: (input) =>
      startExecution(parts, {
        stateMachineArn: text(input, 'stateMachineArn'),
        name: optionalText(input, 'name') ?? randomUUID(),
        input: optionalText(input, 'input') ?? '{}',
      }),
    DescribeExecution: (input) => describeExecution(existingExecution(parts, text(input, 'executionArn'))),
    ListExecutions: (input) => listExecutions(parts, input),
    async StopExecution(input) {
      const execution = existingExecution(parts, text(input, 'executionArn'));
      const [error, cause] = [optionalText(input, 'error'), optionalText(input, 'cause')];
      await parts.executions.stop(execution.arn, {
        status: 'ABORTED',
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
      });
      return { stopDate: (existingExecution(parts, execution.arn).stopped_at ?? Date.now()) / 1000 };
    },
    GetExecutionHistory: (input) => history(parts, input),
  };
}

function tokenOperations({ tokens }: Parts): Operations {
  return {
    SendTaskSuccess(input) {
      tokens.settle(text(input, 'taskToken'), { output: parseJson(text(input, 'output'), 'InvalidOutput') });
      return {};
    },
    SendTaskFailure(input) {
      const [error = '', cause = ''] = [optionalText(input, 'error'), optionalText(input, 'cause')];
      tokens.settle(text(input, 'taskToken'), { error, cause });
      return {};
    },
    SendTaskHeartbeat(input) {
      tokens.heartbeat(text(input, 'taskToken'));
      return {};
    },
  };
}

function putMachine({ journal, place }: Parts, name: string, definition: string): MachineRow {
  parseDefinition(name, definition);
  const arn = arnOf(place, 'states', `stateMachine:${name}`);
  const machine = { arn, name, definition, created_at: journal.machine(arn)?.created_at ?? Date.now() };
  journal.putMachine(machine);
  return machine;
}

function startExecution(
  parts: Parts,
  given: { stateMachineArn: string; name: string; input: string },
): ChildExecution {
  const machine = existingMachine(parts, given.stateMachineArn);
  if (!/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/]{1,80}$/.test(given.name)) {
    throw new AwsError(400, 'InvalidName', `Invalid Name: '${given.name}'`);
  }
  if (Buffer.byteLength(given.input) > inputBytesMax) {
    throw new AwsError(
      400,
      'InvalidExecutionInput',
      `Invalid execution input: it exceeds ${inputBytesMax} bytes`,
    );
  }
  parseJson(given.input, 'InvalidExecutionInput');
  const arn = arnOf(parts.place, 'states', `execution:${machine.name}:${given.name}`);
  const known = parts.journal.execution(arn);
  if (known !== undefined) {
    if (known.status === 'RUNNING' && known.input === given.input) {
      return { executionArn: arn, startDate: known.started_at / 1000 };
    }
    throw new AwsError(400, 'ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
  }
  const row: ExecutionRow = {
    arn,
    machine: machine.arn,
    name: given.name,
    status: 'RUNNING',
    definition: machine.definition,
    input: given.input,
    output: null,
    error: null,
    cause: null,
    started_at: Date.now(),
    stopped_at: null,
  };
  parts.journal.putExecution(row);
  parts.executions.start(row);
  return { executionArn: arn, startDate: row.started_at / 1000 };
}

function listExecutions(parts: Parts, input: OperationInput): unknown {
  const machine = existingMachine(parts, text(input, 'stateMachineArn'));
  const { offset, limit } = pageOf(input);
  const status = optionalText(input, 'statusFilter');
  const page = { offset, limit: limit + 1, ...(status === undefined ? {} : { status }) };
  const rows = parts.journal.executions(machine.arn, page);
  const executions = rows.slice(0, limit).map((row) => {
    const {
      input: _input,
      output: _output,
      error: _error,
      cause: _cause,
      ...listed
    } = describeExecution(row);
    return listed;
  });
  return { executions, ...(rows.length > limit ? { nextToken: String(offset + limit) } : {}) };
}

function history(parts: Parts, input: OperationInput): unknown {
  const { arn } = existingExecution(parts, text(input, 'executionArn'));
  const { offset, limit } = pageOf(input);
  const reverse = input['reverseOrder'] === true;
  const rows = parts.journal.events(arn, { reverse, offset, limit: limit + 1 });
  const events = rows.slice(0, limit).map(describeEvent);
  return { events, ...(rows.length > limit ? { nextToken: String(offset + limit) } : {}) };
}

function pageOf(input: OperationInput): { offset: number; limit: number } {
  const token = optionalText(input, 'nextToken') ?? '0';
  if (!/^\d+$/.test(token)) throw new AwsError(400, 'InvalidToken', `Invalid Token: '${token}'`);
  const asked = optionalNumber(input, 'maxResults') ?? 0;
  return { offset: Number(token), limit: asked === 0 ? 100 : Math.min(asked, pageMax) };
}

function describeEvent(row: EventRow): Record<string, unknown> {
  const details: unknown = JSON.parse(row.details);
  const common = { id: row.id, previousEventId: row.previous, timestamp: row.at / 1000, type: row.type };
  return { ...common, ...(isObject(details) ? details : {}) };
}

function describeExecution(row: ExecutionRow) {
  return {
    executionArn: row.arn,
    stateMachineArn: row.machine,
    name: row.name,
    status: row.status,
    startDate: row.started_at / 1000,
    stopDate: row.stopped_at === null ? undefined : row.stopped_at / 1000,
    input: row.input,
    output: row.output ?? undefined,
    error: row.error ?? undefined,
    cause: row.cause ?? undefined,
  };
}

function existingMachine({ journal }: Parts, arn: string): MachineRow {
  const machine = journal.machine(arn);
  if (machine !== undefined) return machine;
  throw new AwsError(400, 'StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

function existingExecution({ journal }: Parts, arn: string): ExecutionRow {
  const execution = journal.execution(arn);
  if (execution !== undefined) return execution;
  throw new AwsError(400, 'ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
}

function wellDefined<T>(define: () => T): T {
  try {
    return define();
  } catch (error) {
    throw new AwsError(400, 'InvalidDefinition', error instanceof Error ? error.message : String(error));
  }
}

function parseJson(json: string, errorType: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new AwsError(400, errorType, `Invalid JSON: ${String(cause)}`);
  }
}
