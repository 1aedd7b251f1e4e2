import type { Split } from '../connectors/connector.ts';
import { MIN_WATERMARK, type RecordBatch } from '../data/record-batch.ts';
import { openChain } from '../operators/open-chain.ts';
import type { Chain } from '../operators/chain.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import { ACTIVE, BARRIER, END, IDLE, WATERMARK } from './element.ts';
import { Gate, gatePlace } from './poison/gate.ts';
import { SinkWriters } from './sink-writers.ts';
import type { SubtaskContext } from './subtask.ts';
import { SubtaskSnapshot } from './subtask-snapshot.ts';

const PROCESSING_TIME_TICK_MS = 100;
/** So long a replay waits for event time, which not every job has. */
const REPLAY_WAIT_MS = 1000;

/** A barrier and what it is for. */
export interface AnnouncedBarrier {
  readonly checkpointId: number;
  readonly savepoint: boolean;
  readonly brief?: boolean;
  /** Unknown where the barrier came before its announcement. */
  readonly triggeredAtMs?: number;
}

/** How the barriers of a checkpoint came to a subtask that reads channels. */
export interface BarrierArrival {
  /** The first one. */
  readonly arrivedAtMs: number;
  /** What the last one has overtaken. */
  readonly inFlight: readonly SnapshotPart[];
}

/** A chain with everything behind it: output channels, sinks, and its part in checkpoints. */
export class SubtaskChain {
  readonly chain: Chain;
  inputWatermark = MIN_WATERMARK;
  readonly #context: SubtaskContext;
  readonly #sinks: SinkWriters;
  /** Only where records of this chain were set aside. */
  readonly #gate: Gate | undefined;
  readonly #openedAt: number;
  #snapshot: SubtaskSnapshot | undefined;
  #nextTickAt = 0;
  /** Triggered by the coordinator, and its barrier has not come by. */
  #expected: AnnouncedBarrier | undefined;
  #end: 'running' | 'draining' | 'flushing' | 'flushed' | 'uncommitted' | 'committed' | 'reported' =
    'running';
  /** The first checkpoint that holds all that the sinks were ever given. */
  #lastPrepared: number | undefined;
  #splitsAtEnd: readonly Split[] = [];
  #failure: { readonly cause: unknown } | undefined;

  constructor(context: SubtaskContext) {
    this.#context = context;
    this.#sinks = new SinkWriters(context);
    const { letters, vertex, subtask, host } = context;
    this.#openedAt = host.clock.now();
    this.#gate = letters === undefined ? undefined : new Gate(letters, gatePlace(vertex, subtask));
    this.chain = openChain(context.vertex, {
      subtask: context.subtask,
      clock: context.host.clock,
      random: () => context.host.random(),
      time: {
        watermark: (watermark) => this.#mark(WATERMARK, watermark),
        idle: (idle) => this.#mark(idle ? IDLE : ACTIVE, 0),
      },
      wake: () => context.listener.wake(),
      outputs: context.writers,
      sinkWriter: (node) => this.#sinks.open(node),
      restored: context.restored,
      ...(context.placed === undefined ? {} : { placed: context.placed }),
      ...(context.backend === undefined ? {} : { backend: context.backend }),
    });
  }

  /** True while somebody downstream is behind; then nothing may be taken in. */
  get blocked(): boolean {
    return !this.#hasRoom || this.chain.blocked;
  }

  get ended(): boolean {
    return this.#end !== 'running';
  }

  get bytesOut(): number {
    let bytes = 0;
    for (const output of this.#context.outputs) bytes += output.bytes;
    return bytes;
  }

  /** Takes out of a batch what is set aside. Sources ask before they give records their time. */
  keepOut(input: number, batch: RecordBatch): void {
    this.#gate?.filter(input, batch);
  }

  /** By which records come in again that were set aside; sources give them their time first. */
  replayThrough: (input: number, batch: RecordBatch) => void = (input, batch) => this.records(input, batch);

  records(input: number, batch: RecordBatch): void {
    this.chain.processBatch(input, batch);
  }

  watermark(watermark: number): void {
    // After a restore channels may begin below what was restored.
    this.inputWatermark = Math.max(this.inputWatermark, watermark);
    this.chain.processWatermark(watermark);
  }

  idle(idle: boolean): void {
    this.chain.processIdle(idle);
  }

  /** Whether a sink of it commits with checkpoints. */
  get transactional(): boolean {
    return this.#sinks.transactional;
  }

  /** True until a sink has committed what was restored. */
  get recovering(): boolean {
    return this.#sinks.recovering;
  }

  /** Every barrier is in: the state of this moment belongs to the checkpoint. */
  barrier(barrier: AnnouncedBarrier, splits: readonly Split[], arrival?: BarrierArrival): void {
    this.#mark(BARRIER, barrier.checkpointId);
    this.flush();
    this.#begin(barrier, splits, arrival);
  }

  /** The checkpoint is complete and no crash undoes it: now its effects may be seen. */
  completed(checkpointId: number): void {
    this.chain.notifyCheckpointComplete(checkpointId);
    if (!this.transactional) return;
    void this.#sinks.commit(checkpointId).then((committed) => {
      if (committed) this.#context.listener.committed(checkpointId);
      if (committed && this.#end === 'uncommitted' && checkpointId >= (this.#lastPrepared ?? Infinity))
        this.#end = 'committed';
      this.#context.listener.wake();
    });
  }

  /**
   * A barrier is on its way. A subtask that has ended gets none any more and answers from here; one that still owes
   * records answers when it owes none, since they will be behind no barrier.
   */
  expect(barrier: AnnouncedBarrier, splits: () => readonly Split[]): void {
    if (this.#end === 'running' || this.#end === 'draining') this.#expected = barrier;
    else this.#begin(barrier, splits());
  }

  abort(checkpointId: number): void {
    if (this.#expected?.checkpointId === checkpointId) this.#expected = undefined;
    if (this.#snapshot?.checkpointId === checkpointId) this.#drop();
  }

  end(splits: readonly Split[]): void {
    while (this.#gate?.waiting === true) this.#gate.next(this.replayThrough);
    this.chain.endInput();
    this.#end = 'draining';
    if (this.chain.drained) this.#close(splits);
    else this.#splitsAtEnd = splits;
  }

  /** Work that is not about records: a slice of a snapshot, or the end. True when something was done. */
  work(): boolean {
    if (this.#failure !== undefined) throw this.#failure.cause;
    this.#sinks.check();
    let worked = this.#stepSnapshot();
    if (this.#hasRoom && this.chain.work()) worked = true;
    if (this.#replay()) worked = true;
    if (this.#end === 'draining' && this.chain.drained) this.#close(this.#splitsAtEnd);
    return this.#reportEnd() || worked;
  }

  tick(now: number): void {
    if (now >= this.#nextTickAt && (!this.ended || this.#end === 'draining')) {
      this.#nextTickAt = now + PROCESSING_TIME_TICK_MS;
      this.chain.processTime(now);
    }
    this.flush();
  }

  flush(): void {
    for (const output of this.#context.outputs) output.flush();
  }

  async close(): Promise<void> {
    this.chain.close();
    await this.#sinks.close();
  }

  get #hasRoom(): boolean {
    for (const output of this.#context.outputs) if (!output.makeRoom()) return false;
    return !this.#sinks.blocked;
  }

  /** Nothing is owed any more: tells everyone downstream. */
  #close(splits: readonly Split[]): void {
    this.#mark(END, 0);
    this.flush();
    this.#end = 'flushing';
    if (this.#expected !== undefined) this.#begin(this.#expected, splits);
    this.#awaitSinks();
  }

  #replay(): boolean {
    if (this.#gate?.waiting !== true || this.ended || this.blocked) return false;
    // Before the first watermark a window that has fired long ago would not know it, and would fire again.
    const { clock } = this.#context.host;
    if (this.inputWatermark === MIN_WATERMARK && clock.now() < this.#openedAt + REPLAY_WAIT_MS) return false;
    this.#gate.next(this.replayThrough);
    return true;
  }

  #begin(
    { checkpointId, savepoint, triggeredAtMs, brief = false }: AnnouncedBarrier,
    splits: readonly Split[],
    { arrivedAtMs, inFlight = [] }: Partial<BarrierArrival> = {},
  ): void {
    const { listener, host } = this.#context;
    const now = host.clock.now();
    const arrived = arrivedAtMs ?? now;
    this.#expected = undefined;
    this.#drop();
    if (this.#gate !== undefined) this.#context.listener.lettersCounted(checkpointId, this.#gate.counts);
    const atEnd = this.#end !== 'running' && this.#end !== 'draining';
    if (atEnd) this.#lastPrepared ??= checkpointId;
    const sinks = this.#sinks.prepare(checkpointId, { savepoint, last: atEnd });
    const barrier = {
      startDelayMs: Math.max(0, arrived - (triggeredAtMs ?? arrived)),
      alignmentMs: Math.max(0, now - arrived),
    };
    this.#snapshot = new SubtaskSnapshot(
      { checkpointId, splits, sinks, inFlight, clock: host.clock, barrier },
      () => this.chain.beginSnapshot(checkpointId, brief ? 'brief' : 'due'),
    );
    this.#snapshot.await(() => listener.wake());
  }

  /** What ended is told once: at once, or where sinks commit with checkpoints, when they have committed all. */
  #reportEnd(): boolean {
    const { listener } = this.#context;
    if (this.#end === 'flushed' && this.transactional) {
      this.#end = 'uncommitted';
      listener.commitAwaited();
      return true;
    }
    if ((this.#end !== 'flushed' && this.#end !== 'committed') || this.#snapshot !== undefined) return false;
    this.#end = 'reported';
    listener.finished();
    return true;
  }

  #drop(): void {
    this.#snapshot?.abandon();
    this.#snapshot = undefined;
  }

  #stepSnapshot(): boolean {
    const snapshot = this.#snapshot;
    const { vertexIndex: vertex, subtask, host, listener, allowance } = this.#context;
    if (snapshot === undefined || !allowance.left) return false;
    // To the next tick of the clock: half a millisecond on average.
    const worked = snapshot.step(host.clock.now() + 1);
    const { checkpointId } = snapshot;
    const parts = snapshot.take();
    if (parts.length > 0) {
      for (const { bytes } of parts) allowance.take(bytes.byteLength);
      listener.handed({ checkpointId, vertex, subtask, parts });
    }
    if (!snapshot.done) return worked;
    this.#snapshot = undefined;
    const { continued, splits, phases } = snapshot;
    listener.acknowledged({ checkpointId, vertex, subtask, continued, splits, phases });
    return true;
  }

  #awaitSinks(): void {
    const done = (failure?: { readonly cause: unknown }) => {
      this.#failure = failure;
      this.#end = 'flushed';
      this.#context.listener.wake();
    };
    const flush = this.#sinks.flush();
    if (flush === undefined) done();
    else
      flush.then(
        () => done(),
        (cause: unknown) => done({ cause }),
      );
  }

  #mark(
    mark: typeof WATERMARK | typeof IDLE | typeof ACTIVE | typeof BARRIER | typeof END,
    number: number,
  ): void {
    for (const output of this.#context.outputs) output.mark(mark, number);
  }
}
