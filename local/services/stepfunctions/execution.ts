/** Runs executions and writes down how they end. */
import { parseDefinition } from './definition.ts';
import { asFailure } from './failure.ts';
import { runFlow } from './flow-runner.ts';
import type { ExecutionEnd, ExecutionRow, Journal } from './journal.ts';
import { Run } from './run.ts';
import { sleepUntil } from './sleep.ts';
import type { TaskCalls } from './task-calls.ts';
import type { TaskTokens } from './task-tokens.ts';

/** Thrown into a run to end it from outside. */
class Stop extends Error {
  readonly end: ExecutionEnd | undefined;

  /** Without an end the run is only let go: the next process resumes it. */
  constructor(end?: ExecutionEnd) {
    super('The execution is stopped');
    this.end = end;
  }
}

interface Live {
  readonly control: AbortController;
  readonly ended: Promise<void>;
}

/** Parts that executions need. */
export interface ExecutionsOptions {
  readonly journal: Journal;
  readonly tokens: TaskTokens;
  readonly calls: TaskCalls;
  /** Told when an execution starts and when it has ended. */
  onChange(execution: ExecutionRow): void;
}

/** The executions that run in this process. */
export class Executions {
  readonly #options: ExecutionsOptions;
  readonly #live = new Map<string, Live>();

  constructor(options: ExecutionsOptions) {
    this.#options = options;
  }

  /** Begins a new execution, or goes on with one that the journal knows as running. */
  start(execution: ExecutionRow): void {
    const control = new AbortController();
    const ended = this.#run(execution, control).finally(() => this.#live.delete(execution.arn));
    this.#live.set(execution.arn, { control, ended });
  }

  stop(arn: string, end: ExecutionEnd): Promise<void> {
    const live = this.#live.get(arn);
    live?.control.abort(new Stop(end));
    return live?.ended ?? Promise.resolve();
  }

  /** Resolves when an execution has ended; at once when it does not run here. */
  async ended(arn: string): Promise<void> {
    await this.#live.get(arn)?.ended;
  }

  /** Lets go of all executions; they stay running in the journal. */
  async close(): Promise<void> {
    for (const { control } of this.#live.values()) control.abort(new Stop());
    await Promise.all([...this.#live.values()].map(({ ended }) => ended));
  }

  async #run(execution: ExecutionRow, control: AbortController): Promise<void> {
    const { journal } = this.#options;
    const end = await this.#outcome(execution, control);
    if (end === undefined) return;
    const at = Date.now();
    const changed = journal.atomically(() => {
      if (!journal.endExecution(execution.arn, end, at)) return false;
      journal.append(execution.arn, { previous: 0, at, ...endEvent(end) });
      return true;
    });
    const row = journal.execution(execution.arn);
    if (changed && row !== undefined) this.#options.onChange(row);
  }

  async #outcome(execution: ExecutionRow, control: AbortController): Promise<ExecutionEnd | undefined> {
    try {
      const run = this.#prepare(execution);
      if (run.journal.cursor(run.arn, '') === undefined) {
        const details = { executionStartedEventDetails: { input: execution.input, roleArn: 'local' } };
        run.event('ExecutionStarted', 0, details);
        this.#options.onChange(execution);
      }
      this.#limitTime(run, execution, control);
      const start = {
        path: '',
        flow: run.flow,
        input: JSON.parse(execution.input) as unknown,
        variables: {},
      };
      const output = await runFlow(run, { ...start, context: {}, previousEvent: 1, signal: control.signal });
      return { status: 'SUCCEEDED', output: JSON.stringify(output ?? null) };
    } catch (thrown) {
      if (thrown instanceof Stop) return thrown.end;
      const { error, causeText } = asFailure(thrown);
      return { status: 'FAILED', error, cause: causeText };
    } finally {
      // Ends the timer of the time limit.
      control.abort(new Stop());
    }
  }

  #prepare(execution: ExecutionRow): Run {
    const { journal, tokens, calls } = this.#options;
    const context = {
      Execution: {
        Id: execution.arn,
        Input: JSON.parse(execution.input) as unknown,
        Name: execution.name,
        RoleArn: 'local',
        StartTime: new Date(execution.started_at).toISOString(),
        RedriveCount: 0,
      },
      StateMachine: {
        Id: execution.machine,
        Name: execution.machine.slice(execution.machine.lastIndexOf(':') + 1),
      },
    };
    const flow = parseDefinition(execution.machine, execution.definition);
    return new Run({ arn: execution.arn, flow, journal, tokens, calls, context });
  }

  #limitTime(run: Run, execution: ExecutionRow, control: AbortController): void {
    const seconds = run.flow.TimeoutSeconds;
    if (seconds === undefined) return;
    sleepUntil(execution.started_at + seconds * 1000, control.signal).then(
      () => control.abort(new Stop({ status: 'TIMED_OUT', error: 'States.Timeout', cause: '' })),
      // The execution ended in time.
      () => {},
    );
  }
}

function endEvent(end: ExecutionEnd): { type: string; details: Record<string, unknown> } {
  const { error, cause } = end;
  switch (end.status) {
    case 'SUCCEEDED':
      return {
        type: 'ExecutionSucceeded',
        details: { executionSucceededEventDetails: { output: end.output } },
      };
    case 'FAILED':
      return { type: 'ExecutionFailed', details: { executionFailedEventDetails: { error, cause } } };
    case 'TIMED_OUT':
      return { type: 'ExecutionTimedOut', details: { executionTimedOutEventDetails: { error, cause } } };
    case 'ABORTED':
      return { type: 'ExecutionAborted', details: { executionAbortedEventDetails: { error, cause } } };
  }
}
