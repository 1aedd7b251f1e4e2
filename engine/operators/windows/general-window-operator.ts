import type { Key } from '../../data/key-groups.ts';
import { MAX_WATERMARK, MIN_WATERMARK, NO_TIME } from '../../data/record-batch.ts';
import type { Clock } from '../../host.ts';
import type { SnapshotTable } from '../../state/state-table.ts';
import type { ChainNode } from '../chain.ts';
import type { Emit } from '../chain-links.ts';
import type { OperatorMetrics } from '../chain-metrics.ts';
import { isOperatorError, OperatorError } from '../operator-error.ts';
import type { OperatorHost } from '../operator-host.ts';
import type { StatefulOperator } from '../stateful-operator.ts';
import { keyText } from '../../data/keys.ts';
import { DueWindows } from './due-windows.ts';
import { GeneralWindowTable } from './general-window-table.ts';
import { cleanupTime, lateFrom } from './lateness.ts';
import { makeContents } from './make-contents.ts';
import { makeTrigger, triggerForm, waitsForEnd } from './make-trigger.ts';
import { SessionIndex } from './session-index.ts';
import { type GapOf, gapOf, readsClock, spansOf, type WindowSpans } from './span-assigner.ts';
import { SpanIndex, type SpanWindows } from './span-index.ts';
import { fires, purges, type TriggerResult, type TriggerScope, type WindowTrigger } from './trigger.ts';
import type { WindowContents } from './window-contents.ts';
import { type GeneralWindowDefinition, windowsMerge, windowTime } from './window-definition.ts';
import type { WindowEntry, WindowSpan } from './window-entry.ts';
import { WindowFunction } from './window-function.ts';

/** The key of streams without keys. */
const NO_KEY = '';

const NONE: readonly WindowEntry[] = [];

/**
 * Windows with any assigner, trigger, evictor and function, of one input or of two.
 *
 * A record all of whose windows are past the end of their lateness goes to the output `late`, unless it is not late
 * itself. Results have the last moment of their window as time. Source: Flink's `WindowOperator`,
 * `EvictingWindowOperator` and `MergingWindowSet`; window.jsonl in test/data/operators pins them.
 */
export class GeneralWindowOperator implements StatefulOperator {
  readonly tables: readonly SnapshotTable[];
  readonly #name: string;
  readonly #metrics: OperatorMetrics;
  readonly #clock: Clock;
  readonly #late: Emit;
  /** Undefined of sessions and global windows. */
  readonly #spans: WindowSpans | undefined;
  readonly #index = new SpanIndex();
  readonly #sessions = new SessionIndex();
  readonly #timed: boolean;
  readonly #eventTime: boolean;
  /** Of sessions. */
  readonly #gapOf: GapOf | undefined;
  readonly #readsClock: boolean;
  readonly #latenessMs: number;
  readonly #table: GeneralWindowTable;
  readonly #contents: WindowContents;
  readonly #trigger: WindowTrigger;
  /** True where the trigger only waits for the end of windows. */
  readonly #onlyEnd: boolean;
  readonly #function: WindowFunction;
  readonly #eventTimers: DueWindows;
  readonly #processingTimers: DueWindows;
  /** The record at work, in one object for all. */
  readonly #record = { value: undefined as unknown, time: NO_TIME, second: false };
  #key: Key | undefined;
  #watermark = MIN_WATERMARK;
  /** The windows that took the last record, and the times that they take without further tests. */
  #openWindows: SpanWindows = new Map();
  #openFrom = Number.POSITIVE_INFINITY;
  #openTo = Number.NEGATIVE_INFINITY;

  constructor(
    node: ChainNode,
    definition: GeneralWindowDefinition,
    host: OperatorHost,
    metrics: OperatorMetrics,
  ) {
    const { assigner, trigger } = definition;
    this.#name = node.name;
    this.#metrics = metrics;
    this.#clock = host.clock;
    this.#late = host.emitter('late');
    this.#spans = spansOf(assigner);
    this.#eventTime = windowTime(assigner) === 'event';
    this.#timed = this.#eventTime && assigner.kind !== 'global';
    this.#gapOf = gapOf(assigner);
    this.#readsClock = readsClock(assigner);
    this.#latenessMs = this.#eventTime ? definition.latenessMs : 0;
    let slots = 0;
    const takeSlot = (): number => slots++;
    this.#trigger = makeTrigger(trigger, this.#triggerScope(), takeSlot);
    // The cleanup of a session that grows moves with its end only where it is due then.
    this.#onlyEnd = waitsForEnd(trigger) && !(windowsMerge(assigner) && this.#latenessMs > 0);
    this.#function = new WindowFunction(node, definition, host, takeSlot);
    this.#contents = makeContents(definition, this.#function);
    const cells = definition.windowState.map(({ name, kind }) => `${name} ${kind}`).join(', ');
    const windows = windowsMerge(assigner) ? this.#sessions : this.#index;
    this.#table = new GeneralWindowTable(windows, this.#contents, {
      count: slots,
      forms: [
        ['trigger', triggerForm(trigger)],
        ...(cells === '' ? [] : ([['window state', cells]] as const)),
      ],
    });
    this.tables = [this.#table, ...this.#function.tables];
    this.#eventTimers = new DueWindows((window) => this.#table.touch(window));
    this.#processingTimers = new DueWindows((window) => this.#table.touch(window));
  }

  get currentKey(): Key | undefined {
    return this.#key;
  }

  process(value: unknown, time: number, key: Key | undefined): void {
    if (!this.#addToOpen(value, time, key)) {
      this.#take(value, time, key);
    }
  }

  processSecond(value: unknown, time: number, key: Key | undefined): void {
    this.#record.second = true;
    this.process(value, time, key);
    this.#record.second = false;
  }

  advance(watermark: number): void {
    this.#watermark = watermark;
    this.#function.context.watermark = watermark;
    if (watermark >= this.#openTo - 1) {
      this.#openFrom = Number.POSITIVE_INFINITY;
      this.#openTo = Number.NEGATIVE_INFINITY;
    }
    this.#eventTimers.advance(watermark, (window, time) => this.#onEventTime(window, time));
  }

  tick(now: number): void {
    this.#processingTimers.advance(now, (window, time) => this.#onProcessingTime(window, time));
  }

  restored(): void {
    for (const window of this.#table.windows) {
      this.#eventTimers.restore(window.eventTimers);
      this.#processingTimers.restore(window.processingTimers);
    }
  }

  /** The way of nearly all records: to a window that holds some, in the span of the record before. */
  #addToOpen(value: unknown, time: number, key: Key | undefined): boolean {
    if (time < this.#openFrom || time >= this.#openTo) {
      return false;
    }
    const window = this.#openWindows.get(key ?? NO_KEY);
    if (window === undefined || !window.waits || window.version < this.#table.version) {
      return false;
    }
    this.#key = key;
    this.#contents.add(window, value, time, this.#record.second);
    return true;
  }

  #take(value: unknown, time: number, key: Key | undefined): void {
    this.#key = key;
    if (this.#timed && time === NO_TIME) {
      throw new Error(
        'the record has no event time; give the source a "time", or use windows of processing time',
      );
    }
    this.#record.value = value;
    this.#record.time = time;
    const held = key ?? NO_KEY;
    const now = this.#readsClock ? this.#clock.now() : 0;
    const at = this.#eventTime ? time : now;
    const inTime =
      this.#gapOf === undefined
        ? this.#addToAll(held, at, now)
        : this.#addToSession(held, at, this.#gapOf(value));
    if (!inTime && this.#eventTime && lateFrom(time, this.#latenessMs) <= this.#watermark) {
      this.#metrics.lateRecords++;
      this.#late(value, time);
    }
  }

  /** False where all windows are past. */
  #addToAll(key: Key, time: number, now: number): boolean {
    const spans = this.#spans;
    if (spans === undefined) {
      return this.#addToSpan(key, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    }
    const { sizeMs, slideMs } = spans;
    let inTime = false;
    for (let start = spans.lastStart(time, now); start > time - sizeMs; start -= slideMs) {
      inTime = this.#addToSpan(key, start, start + sizeMs) || inTime;
    }
    if (inTime && this.#eventTime && slideMs >= sizeMs) {
      this.#open(spans.lastStart(time, now), sizeMs);
    }
    return inTime;
  }

  /** False where the window is past. */
  #addToSpan(key: Key, start: number, end: number): boolean {
    if (this.#isPast(end)) {
      return false;
    }
    this.#addTo(this.#index.at(start)?.get(key) ?? this.#table.insert(key, { start, end }));
    return true;
  }

  #open(start: number, sizeMs: number): void {
    const windows = this.#index.at(start);
    if (windows !== undefined && start + sizeMs - 1 > this.#watermark) {
      this.#openWindows = windows;
      this.#openFrom = start;
      this.#openTo = start + sizeMs;
    }
  }

  /** False where the session is past. */
  #addToSession(key: Key, start: number, gap: number): boolean {
    const end = start + gap;
    const newest = this.#sessions.newest(key);
    if (newest === undefined || start > newest.end) {
      if (this.#isPast(end)) {
        return false;
      }
      this.#addTo(this.#table.insert(key, { start, end }));
      return true;
    }
    if (start >= newest.start && newest.waits && newest.maxTime > this.#watermark) {
      this.#goOn(newest, end);
      return true;
    }
    if (start >= newest.start && !this.#isPast(newest.end)) {
      if (end > newest.end) {
        this.#grow(newest, newest.start, end);
      }
      this.#addTo(newest);
      return true;
    }
    const window = this.#mergedSession(key, { start, end });
    if (window === undefined) {
      return false;
    }
    this.#addTo(window);
    return true;
  }

  /** The way of nearly all records: the newest session of the key goes on, and what waits for its end with it. */
  #goOn(window: WindowEntry, end: number): void {
    this.#table.touch(window);
    if (end > window.end) {
      this.#table.move(window, { start: window.start, end });
    }
    const { value, time, second } = this.#record;
    this.#contents.add(window, value, time, second);
  }

  /** The session that a span becomes with all that it touches; undefined when it is too late. */
  #mergedSession(key: Key, span: WindowSpan): WindowEntry | undefined {
    const [first, ...others] = this.#sessions.touching(key, span);
    if (first === undefined) {
      return this.#isPast(span.end) ? undefined : this.#table.insert(key, span);
    }
    const last = others.at(-1) ?? first;
    const [start, end] = [Math.min(first.start, span.start), Math.max(last.end, span.end)];
    if (start !== first.start || end !== first.end) {
      this.#grow(first, start, end, others);
    }
    if (this.#isPast(end)) {
      this.#table.remove(first);
      return undefined;
    }
    return first;
  }

  #grow(window: WindowEntry, start: number, end: number, absorbed: readonly WindowEntry[] = NONE): void {
    this.#refusePast(end);
    this.#table.touch(window);
    this.#table.move(window, { start, end });
    // They were those of the windows before; the trigger sets those of the merged one.
    window.clearTimers();
    for (const other of absorbed) {
      this.#absorb(window, other);
    }
    this.#trigger.merged(window);
  }

  #absorb(window: WindowEntry, other: WindowEntry): void {
    this.#trigger.absorb(window, other);
    if (window.contents === undefined || other.contents === undefined) {
      window.contents ??= other.contents;
    } else {
      this.#contents.absorb(window, other);
    }
    this.#table.remove(other);
  }

  /** Only a lateness that overflows can bring it about; Flink fails here, too. */
  #refusePast(end: number): void {
    const past = this.#eventTime
      ? lateFrom(end - 1, this.#latenessMs) <= this.#watermark
      : end - 1 <= this.#clock.now();
    if (past) {
      throw new Error(
        `a session that ends at ${end} by merging is past already: ${this.#eventTime ? `the watermark is ${this.#watermark}, the lateness ${this.#latenessMs} ms; give a shorter lateness` : `the clock is at ${this.#clock.now()}`}`,
      );
    }
  }

  #addTo(window: WindowEntry): void {
    this.#table.touch(window);
    const { value, time, second } = this.#record;
    this.#contents.add(window, value, time, second);
    this.#act(window, this.#trigger.onRecord(window, value, time));
    window.waits = this.#onlyEnd && window.maxTime > this.#watermark;
    const cleanup = this.#cleanupAt(window.maxTime);
    if (cleanup !== MAX_WATERMARK) {
      if (this.#eventTime) {
        this.#eventTimers.add(window.eventTimers, cleanup);
      } else {
        this.#processingTimers.add(window.processingTimers, cleanup);
      }
    }
  }

  #onEventTime(window: WindowEntry, time: number): void {
    this.#key = window.key;
    try {
      this.#act(window, this.#trigger.onEventTime(window, time));
      if (this.#eventTime && time === this.#cleanupAt(window.maxTime)) {
        this.#clear(window);
      }
    } catch (cause) {
      throw this.#firingError(window, time, cause);
    }
  }

  #onProcessingTime(window: WindowEntry, time: number): void {
    this.#key = window.key;
    try {
      this.#act(window, this.#trigger.onProcessingTime(window, time));
      if (!this.#eventTime && time === window.maxTime) {
        this.#clear(window);
      }
    } catch (cause) {
      throw this.#firingError(window, time, cause);
    }
  }

  #firingError(window: WindowEntry, time: number, cause: unknown): unknown {
    if (isOperatorError(cause)) {
      return cause;
    }
    const record = `window [${window.start}, ${window.end}) at ${time}`;
    return new OperatorError(this.#name, { cause, record, key: keyText(window.key) });
  }

  #act(window: WindowEntry, result: TriggerResult): void {
    if (fires(result) && window.contents !== undefined) {
      this.#contents.fire(window);
    }
    if (purges(result)) {
      window.contents = undefined;
    }
  }

  #clear(window: WindowEntry): void {
    window.contents = undefined;
    this.#trigger.clear(window);
    this.#function.clear(window);
    this.#table.remove(window);
  }

  #isPast(end: number): boolean {
    return this.#eventTime && this.#cleanupAt(Math.min(end - 1, MAX_WATERMARK)) <= this.#watermark;
  }

  #cleanupAt(maxTime: number): number {
    return cleanupTime(maxTime, this.#latenessMs);
  }

  #triggerScope(): TriggerScope {
    const watermark = (): number => this.#watermark;
    return {
      get watermark() {
        return watermark();
      },
      now: () => this.#clock.now(),
      setEventTimer: (window, time) => this.#eventTimers.add(window.eventTimers, time),
      deleteEventTimer: (window, time) => window.eventTimers.delete(time),
      setProcessingTimer: (window, time) => this.#processingTimers.add(window.processingTimers, time),
      deleteProcessingTimer: (window, time) => window.processingTimers.delete(time),
    };
  }
}
