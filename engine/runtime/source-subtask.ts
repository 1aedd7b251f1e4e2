import type { PolledBatch, Split, SplitReader, SplitTime } from '../connectors/connector.ts';
import { MAX_WATERMARK, NO_TIME, recordBatch, type RecordBatch } from '../data/record-batch.ts';
import { textsMayPin } from '../data/unpinned-string.ts';
import { checkedEventTime } from '../operators/event-time.ts';
import { isOperatorError, OperatorError, previewRecord } from '../operators/operator-error.ts';
import type { SourcePlace } from '../operators/operator-error.ts';
import type { SourceDefinition } from '../operators/operator-definition.ts';
import type { OwnedTable } from '../state/operator-state.ts';
import type { SubtaskMetrics } from './job-status.ts';
import { connectorHost } from './connector-host.ts';
import type { BarrierTrigger } from './slot-protocol.ts';
import { SourceAlignment } from './source-alignment.ts';
import { LATER_SPLITS, splitViews } from './split-views.ts';
import { SplitWatermarks } from './split-watermarks.ts';
import type { Subtask, SubtaskContext } from './subtask.ts';
import { SubtaskChain } from './subtask-chain.ts';
import { subtaskMetrics } from './subtask-metrics.ts';
import { TimeShares } from './time-shares.ts';

/** As Flink's `pipeline.auto-watermark-interval`. */
const WATERMARK_INTERVAL_MS = 200;

/** All are counted, few are shown: a stream of nothing else must not fill logs and memory. */
const UNDECODABLE_SAMPLES = 10;

/** A subtask that reads splits of a source. */
export class SourceSubtask implements Subtask {
  readonly vertexIndex: number;
  readonly #context: SubtaskContext;
  readonly #name: string;
  readonly #time: ((value: unknown) => number) | undefined;
  readonly #splitTime: ((splitId: string) => SplitTime) | undefined;
  readonly #chain: SubtaskChain;
  readonly #reader: SplitReader<unknown>;
  readonly #watermarks: SplitWatermarks;
  readonly #punctuated: boolean;
  readonly #alignment: SourceAlignment | undefined;
  readonly #shares: TimeShares;
  readonly #batch = recordBatch();
  readonly #unfinished = new Set<string>();
  readonly #lags = new Map<string, number>();
  #assigned = false;
  #complete = false;
  #suspended = false;
  #idle = false;
  #quiet = true;
  #nextWatermarkAt = 0;
  #recordsIn = 0;
  #bytesIn = 0;
  #undecodable = 0;
  #samplesLeft = UNDECODABLE_SAMPLES;

  constructor(context: SubtaskContext) {
    this.#context = context;
    this.vertexIndex = context.vertexIndex;
    const { name, definition } = sourceOf(context);
    this.#name = name;
    this.#time = definition.source.time;
    this.#splitTime = definition.source.splitTime;
    this.#chain = new SubtaskChain(context);
    this.#chain.replayThrough = (input, batch) => {
      this.#stamp(batch);
      this.#chain.records(input, batch);
    };
    if (definition.source.hasOwnTexts !== true) textsMayPin();
    this.#reader = definition.source.reader(connectorHost(context, name), context.subtask);
    this.#reader.onAvailable(() => context.listener.wake());
    this.#watermarks = new SplitWatermarks(definition.watermark);
    this.#punctuated = definition.watermark.punctuated !== undefined;
    this.#alignment = definition.align === undefined ? undefined : this.#aligned();
    this.#shares = new TimeShares(context.host.clock.now());
  }

  get tables(): readonly OwnedTable[] {
    return this.#chain.chain.tables;
  }

  step(): boolean {
    const { clock } = this.#context.host;
    this.#shares.begin(clock.now());
    const background = this.#chain.work();
    const blocked = this.#chain.blocked;
    const held = this.#suspended || this.#alignment?.paused === true;
    const worked = !blocked && !held && !this.#chain.ended && this.#read();
    this.#shares.end(clock.now(), blocked);
    return worked || background;
  }

  tick(now: number): void {
    if (now >= this.#nextWatermarkAt) {
      this.#nextWatermarkAt = now + WATERMARK_INTERVAL_MS;
      this.#samplesLeft = UNDECODABLE_SAMPLES;
      const stands = this.#chain.blocked || this.#suspended;
      this.#watermarks.pause(stands ? undefined : (this.#alignment?.held ?? []));
      if (!stands) this.#advanceTime(now);
    }
    this.#chain.tick(now);
  }

  assign(splits: readonly Split[], laterSplitsFrom?: number): void {
    const now = this.#context.host.clock.now();
    this.#assigned = true;
    this.#watermarks.remove(LATER_SPLITS);
    if (laterSplitsFrom !== undefined)
      this.#watermarks.add(LATER_SPLITS, { bounded: true, notBefore: laterSplitsFrom });
    for (const split of splits) {
      this.#reader.add(split);
      if (split.finished === true) continue;
      this.#unfinished.add(split.id);
      this.#watermarks.add(split.id, this.#splitTime?.(split.id));
    }
    this.#advanceTime(now);
  }

  noMoreSplits(): void {
    this.#complete = true;
  }

  limited(limit: number): void {
    this.#alignment?.limit(limit);
  }

  triggered(trigger: BarrierTrigger): void {
    if (this.#chain.ended) {
      this.#chain.expect(trigger, () => this.#reader.positions());
      return;
    }
    const { after } = trigger;
    this.#suspended = after !== 'continue';
    if (after === 'drain') {
      this.#goActive();
      this.#chain.watermark(MAX_WATERMARK);
    }
    this.#chain.barrier(trigger, this.#reader.positions());
  }

  completed(checkpointId: number): void {
    this.#chain.completed(checkpointId);
  }

  aborted(checkpointId: number, resume: boolean): void {
    this.#chain.abort(checkpointId);
    if (resume) this.#suspended = false;
  }

  metrics(): SubtaskMetrics {
    return subtaskMetrics(this.#context, this.#chain, this.#shares, {
      bytesIn: this.#bytesIn,
      recordsIn: this.#recordsIn,
      undecodableRecords: this.#undecodable,
      lagMs: this.#lags.size === 0 ? undefined : Math.max(...this.#lags.values()),
      splits: splitViews(this.#watermarks, this.#lags),
    });
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#reader.close(), this.#chain.close()]);
  }

  #read(): boolean {
    const polled = this.#reader.poll(this.#batch);
    if (polled === undefined) return this.#nothingNow();
    this.#quiet = false;
    this.#recordsIn += this.#batch.size;
    this.#bytesIn += polled.bytes;
    if (polled.lagMs !== undefined) this.#lags.set(polled.split, polled.lagMs);
    this.#setAside(polled);
    this.#chain.keepOut(0, this.#batch);
    if (this.#batch.size > 0) this.#process(polled.split);
    if (polled.finished === true) this.#finish(polled.split);
    // Who is held back says at once how far it is: the others may be waiting for that.
    if (this.#alignment?.examine() === true || this.#punctuated)
      this.#advanceTime(this.#context.host.clock.now());
    return true;
  }

  #process(split: string): void {
    try {
      this.#stamp(this.#batch);
      this.#watermarks.records(split, this.#batch);
      this.#goActive();
      this.#chain.records(0, this.#batch);
    } catch (error) {
      if (isOperatorError(error)) error.source = this.#placeOf(split, error.entry?.value);
      throw error;
    }
  }

  #placeOf(split: string, value: unknown): SourcePlace {
    const { values, size } = this.#batch;
    const position = this.#reader.positions().find(({ id }) => id === split)?.position ?? '';
    return { split, position, record: values.slice(0, size).indexOf(value) + 1, records: size };
  }

  #stamp({ values, times, size }: RecordBatch): void {
    const timeOf = this.#time;
    if (timeOf === undefined) return;
    for (let index = 0; index < size; index += 1) {
      const value = values[index];
      try {
        times[index] = checkedEventTime(timeOf(value));
      } catch (cause) {
        const error = new OperatorError(this.#name, { cause, record: previewRecord(value), value });
        error.entry = { input: 0, value, time: NO_TIME };
        throw error;
      }
    }
  }

  /** The reader is drained: what came in becomes visible now and not with the next period. */
  #nothingNow(): boolean {
    if (this.#complete && this.#unfinished.size === 0) {
      this.#end();
      return true;
    }
    if (this.#quiet) return false;
    this.#quiet = true;
    this.#advanceTime(this.#context.host.clock.now());
    return false;
  }

  #end(): void {
    this.#goActive();
    this.#alignment?.report(MAX_WATERMARK);
    this.#chain.watermark(MAX_WATERMARK);
    this.#chain.end(this.#reader.positions());
  }

  #finish(split: string): void {
    this.#unfinished.delete(split);
    this.#watermarks.remove(split);
    this.#lags.delete(split);
    this.#context.listener.splitFinished(split);
  }

  #setAside({ undecodable = [] }: PolledBatch): void {
    if (undecodable.length === 0) return;
    this.#undecodable += undecodable.length;
    this.#chain.chain.processUndecodable(undecodable);
    const samples = undecodable.slice(0, this.#samplesLeft);
    if (samples.length === 0) return;
    this.#samplesLeft -= samples.length;
    const { host, subtask, listener } = this.#context;
    const atMs = host.clock.now();
    listener.undecodable(samples.map((record) => ({ ...record, atMs, operator: this.#name, subtask })));
  }

  #advanceTime(now: number): void {
    // Before the first assignment nobody knows whether this source is idle or only not told yet.
    if (!this.#assigned || this.#chain.ended) return;
    const watermark = this.#watermarks.next(now);
    if (!this.#watermarks.idle) this.#goActive();
    if (watermark !== undefined) this.#chain.watermark(watermark);
    // Who has read everything is about to end. Idleness would overtake calls that are on their way from here, and
    // nobody would wait for their answers.
    const over = this.#complete && this.#unfinished.size === 0;
    if (this.#watermarks.idle && !this.#idle && !over) {
      this.#idle = true;
      this.#chain.idle(true);
    }
    this.#alignment?.report(this.#watermarks.lowest);
  }

  #aligned(): SourceAlignment {
    const reader = this.#reader;
    return new SourceAlignment({
      watermarks: this.#watermarks,
      pause: reader.pause === undefined ? undefined : (splits) => reader.pause?.(splits),
      report: (watermark) => this.#context.listener.reached(watermark),
    });
  }

  /** Tells before anything else is sent that this source counts again. */
  #goActive(): void {
    if (!this.#idle) return;
    this.#idle = false;
    this.#chain.idle(false);
  }
}

function sourceOf({ vertex }: SubtaskContext): {
  readonly name: string;
  readonly definition: SourceDefinition;
} {
  const head = vertex.nodes[0];
  if (head?.definition.kind !== 'source')
    throw new Error(`Vertex "${vertex.name}" has no inputs and does not begin with a source.`);
  return { name: head.name, definition: head.definition };
}
