import type { JobVertex } from '../graph/job-graph.ts';
import type { DiskBackend } from '../state/disk/disk-backend.ts';
import type { Cancel } from '../host.ts';
import { isOperatorError } from '../operators/operator-error.ts';
import { causedByFence, faultOf } from './fault.ts';
import { openSubtasks } from './open-subtasks.ts';
import { PartAllowance } from './part-allowance.ts';
import { PlacedOperators } from './placed-operators.ts';
import { SlotQueries } from './queries/slot-queries.ts';
import type { SlotContext } from './slot-context.ts';
import { openStorage } from './slot-storage.ts';
import type { SlotCommand } from './slot-protocol.ts';
import { enteredRecord, type EnteredRecord } from './poison/entered-record.ts';
import type { Subtask } from './subtask.ts';

/** A slot gives its thread back to the event loop after so long, since connectors live there. */
const TURN_MS = 2;
/** How often an idle slot looks up by itself. */
const IDLE_MS = 10;
const METRICS_MS = 1000;

/**
 * Subtask i of every vertex that has one, taking turns in one thread.
 *
 * Contract: nothing in here waits. A turn goes round the subtasks until none has work or its time is up;
 * without work the slot sleeps until somebody wakes it. After the first error nothing runs any more.
 */
export class Slot {
  readonly #context: SlotContext;
  readonly #queries = new SlotQueries(() => this.#subtasks.flatMap((subtask) => subtask.tables));
  readonly #allowance = new PartAllowance();
  #subtasks: readonly Subtask[] = [];
  #backend: DiskBackend | undefined;
  /** Made when state is read in advance. */
  #placed: PlacedOperators | undefined;
  #sleep: Cancel | undefined;
  #state: 'closed' | 'asleep' | 'called' | 'working' = 'closed';
  /** Somebody called while this slot was at work, maybe behind the place where it had looked already. */
  #wanted = false;
  #nextTickAt = 0;
  #nextMetricsAt = 0;

  constructor(context: SlotContext) {
    this.#context = context;
  }

  handle(command: SlotCommand): void {
    this.#guard(undefined, () => this.#obey(command));
    this.wake();
  }

  /** There may be work: another subtask, a connector or a timer says so. */
  wake(): void {
    this.#wanted = true;
    if (this.#state !== 'asleep') return;
    this.#sleep?.();
    this.#call();
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    this.#sleep?.();
    await Promise.allSettled(this.#subtasks.map((subtask) => subtask.close()));
    this.#backend?.close();
  }

  #obey(command: SlotCommand): void {
    switch (command.type) {
      case 'preload':
        this.#placed ??= new PlacedOperators(this.#context, this.#openBackend());
        this.#placed.preload(command.parts);
        return this.#context.report({ type: 'preloaded' });
      case 'forsake':
        return this.#placed?.forsake(command.operators);
      case 'open':
        return this.#open(command);
      case 'assign-splits':
        return this.#of(command.vertex)?.assign(command.splits, command.laterSplitsFrom);
      case 'limit-source':
        return this.#of(command.vertex)?.limited(command.limit);
      case 'no-more-splits':
        return this.#of(command.vertex)?.noMoreSplits();
      case 'trigger-barrier':
        for (const subtask of this.#subtasks) subtask.triggered(command);
        return undefined;
      case 'parts-stored':
        return this.#allowance.give(command.bytes);
      case 'checkpoint-completed':
        for (const subtask of this.#subtasks) subtask.completed(command.checkpointId);
        return undefined;
      case 'query':
        return this.#context.report({
          type: 'answered',
          id: command.query.id,
          answer: this.#queries.answer(command.query),
        });
      case 'checkpoint-aborted':
        for (const subtask of this.#subtasks) subtask.aborted(command.checkpointId, command.resume);
        return undefined;
    }
  }

  #of(vertex: number): Subtask | undefined {
    return this.#subtasks.find(({ vertexIndex }) => vertexIndex === vertex);
  }

  #openBackend(): DiskBackend | undefined {
    const { storage } = this.#context.host;
    if (storage !== undefined) this.#backend ??= openStorage(storage);
    return this.#backend;
  }

  #open({ parts, continued, letters, epoch }: Extract<SlotCommand, { readonly type: 'open' }>): void {
    this.#subtasks = openSubtasks(this.#context, {
      epoch,
      parts,
      continued,
      letters,
      placed: this.#placed,
      backend: this.#openBackend(),
      allowance: this.#allowance,
      wake: () => this.wake(),
    });
    this.#context.report({ type: 'opened' });
    this.#call();
  }

  #call(): void {
    this.#state = 'called';
    this.#context.host.defer(() => {
      if (this.#state === 'called') this.#turn();
    });
  }

  #turn(): void {
    const { clock } = this.#context.host;
    this.#state = 'working';
    this.#context.doorbell?.observe();
    const deadline = clock.now() + TURN_MS;
    let worked: boolean;
    do {
      this.#wanted = false;
      worked = this.#round();
    } while (worked && clock.now() < deadline);
    this.#tick(clock.now(), worked);
    this.#context.heart?.end();
    // A subtask that failed has closed the slot.
    if (this.#state !== 'working') return;
    if (worked || this.#wanted) this.#call();
    else this.#rest();
  }

  /** One piece of work for each subtask. */
  #round(): boolean {
    const { heart } = this.#context;
    let worked = false;
    for (const subtask of this.#subtasks) {
      if (this.#state !== 'working') return false;
      this.#guard(subtask, () => {
        heart?.begin(subtask.vertexIndex);
        if (subtask.step()) worked = true;
      });
    }
    return worked;
  }

  /** Partial frames leave at the end of an idle turn, or at the latest after a busy one of two milliseconds. */
  #tick(now: number, worked: boolean): void {
    if (worked && now < this.#nextTickAt) return;
    this.#nextTickAt = now + TURN_MS;
    const { heart } = this.#context;
    for (const subtask of this.#subtasks) {
      if (this.#state !== 'working') return;
      this.#guard(subtask, () => {
        heart?.begin(subtask.vertexIndex);
        subtask.tick(now);
      });
    }
    if (now >= this.#nextMetricsAt) this.#reportMetrics(now);
  }

  #reportMetrics(now: number): void {
    this.#nextMetricsAt = now + METRICS_MS;
    const subtasks = this.#subtasks.map((subtask) => ({
      vertex: subtask.vertexIndex,
      metrics: subtask.metrics(),
    }));
    const thread = this.#context.host.figures?.();
    this.#context.report({ type: 'metrics', subtasks, ...(thread === undefined ? {} : { thread }) });
  }

  #rest(): void {
    this.#state = 'asleep';
    this.#sleep = this.#context.host.schedule(IDLE_MS, () => this.wake());
    this.#context.doorbell?.listen(() => this.wake());
  }

  #guard(subtask: Subtask | undefined, task: () => void): void {
    if (this.#state === 'closed' && this.#subtasks.length > 0) return;
    try {
      task();
    } catch (error) {
      this.#state = 'closed';
      this.#failed(error, subtask && this.#context.graph.vertices[subtask.vertexIndex]);
    }
  }

  #failed(error: unknown, vertex: JobVertex | undefined): void {
    const { host, index, report, graph } = this.#context;
    const place = {
      atMs: host.clock.now(),
      subtask: index,
      ...(vertex === undefined ? {} : { vertex: vertex.name }),
    };
    const entered = vertex === undefined ? undefined : enteredOf(error, vertex);
    report({
      type: 'failed',
      fault: faultOf(error, place, graph.hide),
      fenced: causedByFence(error),
      ...(entered === undefined ? {} : { entered }),
    });
  }
}

/** The record that led to the error, where it was one; what the outside world does to a sink is no fault of a record. */
function enteredOf(error: unknown, vertex: JobVertex): EnteredRecord | undefined {
  if (!isOperatorError(error) || error.outside || error.entry === undefined) return undefined;
  return enteredRecord(vertex.id, error.entry, vertex.inputs.length > 0);
}
