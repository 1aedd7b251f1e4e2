/** One execution of the state machine, as infra/workflow/operation-definition.ts describes it. */
import type { OperationKind } from '#contract/resources/operation.ts';
import { failureStep, RETRYABLE_ERROR, workflows } from '#contract/workflows.ts';
import { runStep } from '#functions/steps/run-step.ts';
import type { Actor, Ending } from './actor.ts';
import type { World } from './world.ts';

// As the state machine retries faults of Lambda itself; a RetryableError it retries without a limit.
const LAMBDA_TRIES = 8;
const RETRY_MS = 1000;

export class Execution {
  readonly operationId: string;
  state: 'running' | 'succeeded' | 'failed' = 'running';
  dueAtMs: number;
  /** The run that is waited for. */
  running: Actor | undefined;
  readonly #world: World;
  readonly #namespace: string;
  readonly #kind: OperationKind;
  #at = 0;
  #faults = 0;
  #caught: { readonly Error: string; readonly Cause: string } | undefined;

  constructor(world: World, operationId: string, namespace: string, kind: OperationKind) {
    this.#world = world;
    this.operationId = operationId;
    this.#namespace = namespace;
    this.#kind = kind;
    this.dueAtMs = world.nowMs;
  }

  copy(world: World): Execution {
    const copy = new Execution(world, this.operationId, this.#namespace, this.#kind);
    copy.state = this.state;
    return copy;
  }

  /** The step that comes next; undefined when all are done. */
  get step(): string | undefined {
    return this.#caught === undefined ? workflows[this.#kind][this.#at]?.step : failureStep.step;
  }

  /** Runs the next step, or runs it once more beside the run that is waited for. */
  run(again = false): void {
    const { step } = this;
    if (step === undefined) return;
    const input = { step, operationId: this.operationId, namespace: this.#namespace };
    const error = this.#caught === undefined ? {} : { error: this.#caught };
    const actor = this.#world.spawn(
      `${step} of ${this.#kind}${again ? ', again,' : ''}`,
      (platform) => runStep(platform, { ...input, ...error }),
      (ending) => {
        if (!again) this.#ended(ending);
      },
    );
    if (!again) this.running = actor;
  }

  /** Somebody ends the execution from outside, or it lasts for too long. */
  abort(): void {
    this.state = 'failed';
    this.running?.abandon();
    this.running = undefined;
  }

  #ended(ending: Ending): void {
    this.running = undefined;
    if (this.state !== 'running') return;
    if (ending.kind === 'answered') return this.#next();
    const name =
      ending.kind === 'threw' && ending.error instanceof Error ? ending.error.name : 'Sandbox.Timedout';
    const isFault = ending.kind === 'died';
    this.#faults += isFault ? 1 : 0;
    this.dueAtMs = this.#world.nowMs + RETRY_MS;
    const isRetried = name === RETRYABLE_ERROR || (isFault && this.#faults <= LAMBDA_TRIES);
    if (isRetried) return;
    const cause = ending.kind === 'threw' ? String(ending.error) : '';
    if (this.#caught !== undefined) this.state = 'failed';
    this.#caught = { Error: name, Cause: JSON.stringify({ errorMessage: cause }) };
    this.#faults = 0;
  }

  #next(): void {
    this.#faults = 0;
    if (this.#caught !== undefined) {
      this.state = 'failed';
      return;
    }
    this.#at += 1;
    if (this.step === undefined) this.state = 'succeeded';
  }
}
