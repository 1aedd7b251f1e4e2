import type { Split } from '../connectors/connector.ts';
import { MAX_WATERMARK } from '../data/record-batch.ts';
import { keepsTimePerInput } from '../operators/operator-definition.ts';
import type { OwnedTable } from '../state/operator-state.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import { BarrierAligner } from './barrier-aligner.ts';
import { ACTIVE, BARRIER, END, IDLE, NOTHING, RECORDS, WATERMARK } from './element.ts';
import { InFlight, RESTORED } from './in-flight.ts';
import { inFlightParts, mayBeOvertaken, restoredInFlight } from './in-flight-parts.ts';
import { InputTime } from './input-time.ts';
import type { SubtaskMetrics } from './job-status.ts';
import type { BarrierTrigger } from './slot-protocol.ts';
import type { Subtask, SubtaskContext, SubtaskInput } from './subtask.ts';
import { SubtaskChain } from './subtask-chain.ts';
import { subtaskMetrics } from './subtask-metrics.ts';
import { TimeShares } from './time-shares.ts';

const NO_SPLITS: readonly Split[] = [];

/** A subtask that reads channels of other subtasks. */
export class OperatorSubtask implements Subtask {
  readonly vertexIndex: number;
  readonly #context: SubtaskContext;
  readonly #chain: SubtaskChain;
  readonly #inputs: readonly SubtaskInput[];
  /** Channels in which nothing more is. */
  readonly #ended: boolean[];
  /** By channel. */
  readonly #mayBeOvertaken: readonly boolean[];
  readonly #inFlight: InFlight;
  readonly #aligner: BarrierAligner;
  readonly #eventTime: InputTime;
  readonly #time: TimeShares;
  #open: number;
  #waitingBarrier: number | undefined;
  /** The last checkpoint that this subtask has answered, or that was given up. */
  #past = 0;
  /** What the coordinator last said of a barrier on its way; it may overtake these words. */
  #announced: BarrierTrigger | undefined;
  /** When the first barrier of the checkpoint came. */
  #alignsSince = 0;
  #next = 0;

  constructor(context: SubtaskContext) {
    this.#context = context;
    this.vertexIndex = context.vertexIndex;
    this.#chain = new SubtaskChain(context);
    this.#inputs = context.inputs;
    this.#open = context.inputs.length;
    this.#ended = context.inputs.map(() => false);
    this.#mayBeOvertaken = context.inputs.map(({ input }) => {
      const edge = context.vertex.inputs[input];
      return edge !== undefined && mayBeOvertaken(edge);
    });
    this.#inFlight = new InFlight(context.inputs.length, restoredInFlight(context, context.restored));
    this.#aligner = new BarrierAligner(context.inputs.length);
    this.#eventTime = new InputTime(
      {
        inputs: context.inputs.map(({ input }) => input),
        separate: keepsTimePerInput(context.vertex.nodes[0]?.definition),
      },
      this.#chain,
    );
    this.#time = new TimeShares(context.host.clock.now());
  }

  get tables(): readonly OwnedTable[] {
    return this.#chain.chain.tables;
  }

  step(): boolean {
    const { clock } = this.#context.host;
    this.#time.begin(clock.now());
    const background = this.#chain.work();
    const overtook = this.#overtake();
    const blocked = this.#chain.blocked;
    const worked = !blocked && !this.#chain.ended && (this.#letBarrierPass() || this.#readOn());
    this.#time.end(clock.now(), blocked);
    return worked || overtook || background;
  }

  tick(now: number): void {
    this.#chain.tick(now);
  }

  triggered(trigger: BarrierTrigger): void {
    this.#announced = trigger;
    this.#chain.expect(trigger, () => NO_SPLITS);
  }

  completed(checkpointId: number): void {
    this.#chain.completed(checkpointId);
  }

  aborted(checkpointId: number): void {
    this.#aligner.abort(checkpointId);
    this.#past = Math.max(this.#past, checkpointId);
    if (this.#waitingBarrier === checkpointId) this.#waitingBarrier = undefined;
    this.#chain.abort(checkpointId);
  }

  assign(): void {}

  noMoreSplits(): void {}

  limited(): void {}

  metrics(): SubtaskMetrics {
    let bytesIn = 0;
    for (const { channel } of this.#inputs) bytesIn += channel.bytes;
    return subtaskMetrics(this.#context, this.#chain, this.#time, { bytesIn });
  }

  close(): Promise<void> {
    return this.#chain.close();
  }

  /** Behind a barrier that must wait nothing is read: it would become part of the checkpoint. */
  #readOn(): boolean {
    return this.#waitingBarrier === undefined && (this.#processHeld() || this.#readOne());
  }

  /** Takes one element from the next channel that has one; in turn, so that none is starved. */
  #readOne(): boolean {
    const count = this.#inputs.length;
    for (let tried = 0; tried < count; tried += 1) {
      const index = this.#next;
      this.#next = index + 1 === count ? 0 : index + 1;
      if (this.#read(index)) return true;
    }
    return false;
  }

  #read(index: number): boolean {
    const source = this.#inputs[index];
    if (source === undefined || this.#ended[index] === true || this.#aligner.blocks(index)) return false;
    const { channel } = source;
    const element = channel.poll();
    switch (element) {
      case NOTHING:
        return false;
      case RECORDS:
        this.#chain.keepOut(source.input, channel.batch);
        this.#chain.records(source.input, channel.batch);
        return true;
      case WATERMARK:
        this.#eventTime.watermark(index, channel.number);
        return true;
      case IDLE:
      case ACTIVE:
        this.#eventTime.idle(index, element === IDLE);
        return true;
      case BARRIER:
        this.#barrierOf(index, channel.number);
        return true;
      case END:
        this.#endOf(index);
        this.#inputOver();
        return true;
    }
  }

  /** One element of those that a barrier has overtaken. */
  #processHeld(): boolean {
    const held = this.#inFlight.next();
    if (held === undefined) return false;
    const { channel, input, element, number, batch } = held;
    if (this.#inFlight.emptyOf(channel)) this.#inputs[channel]?.channel.fallBehind(false);
    if (batch !== undefined) {
      this.#chain.keepOut(input, batch);
      this.#chain.records(input, batch);
    } else if (element === WATERMARK) {
      if (channel === RESTORED) this.#chain.watermark(number);
      else this.#eventTime.watermark(channel, number);
    } else if (element === END) {
      this.#inputOver();
    } else {
      this.#eventTime.idle(channel, element === IDLE);
    }
    return true;
  }

  /**
   * Where a barrier has waited long enough, takes what is before it out of the channels, so that it passes now and
   * what it overtakes goes with the state of this moment. That needs no room downstream, and makes some upstream.
   */
  #overtake(): boolean {
    if (!this.#overtakes || this.#chain.ended || this.#chain.recovering) return false;
    let worked = false;
    for (const index of this.#inputs.keys()) {
      while (this.#overtakes && this.#waitingBarrier === undefined && this.#hold(index)) worked = true;
    }
    if (this.#overtakes && this.#ended.every(Boolean)) this.#barrierOfNobody();
    return this.#letBarrierPass() || worked;
  }

  /** Everybody upstream has answered and ended, and so sends no barrier; what they have sent is in flight all the same. */
  #barrierOfNobody(): void {
    this.#alignsSince = this.#context.host.clock.now();
    this.#waitingBarrier = this.#announced?.checkpointId;
  }

  get #overtakes(): boolean {
    const announced = this.#announced;
    if (announced?.unalignedAfterMs === undefined || announced.checkpointId <= this.#past) return false;
    const waitedMs = this.#context.host.clock.now() - announced.triggeredAtMs;
    return waitedMs >= announced.unalignedAfterMs;
  }

  /** Takes one element out of a channel without processing it; false when there is none, or no room to keep it. */
  #hold(index: number): boolean {
    const source = this.#inputs[index];
    if (source === undefined || this.#mayBeOvertaken[index] !== true || !this.#inFlight.hasRoom) return false;
    if (this.#ended[index] === true || this.#aligner.blocks(index)) return false;
    const { channel, input } = source;
    const element = channel.poll();
    if (element === NOTHING) return false;
    if (element === BARRIER) {
      this.#barrierOf(index, channel.number);
      return true;
    }
    const batch = element === RECORDS ? channel.batch : undefined;
    // Its room would be filled again at once, and by the next barrier there would be twice as much.
    if (this.#inFlight.emptyOf(index)) channel.fallBehind(true);
    this.#inFlight.hold({ channel: index, input, element, number: channel.number, batch });
    if (element === END) this.#endOf(index);
    return true;
  }

  #barrierOf(index: number, checkpointId: number): void {
    if (!this.#aligner.aligning) this.#alignsSince = this.#context.host.clock.now();
    this.#barrier(this.#aligner.barrier(index, checkpointId));
  }

  #barrier(checkpointId: number | undefined): void {
    if (checkpointId === undefined) return;
    this.#waitingBarrier = checkpointId;
    this.#letBarrierPass();
  }

  #letBarrierPass(): boolean {
    const checkpointId = this.#waitingBarrier;
    if (checkpointId === undefined) return false;
    // Behind the last watermark a savepoint drains the job: calls that are open are answered before it, not after.
    if (this.#chain.inputWatermark === MAX_WATERMARK && !this.#chain.chain.drained) return false;
    const announced = this.#announced;
    const known = announced?.checkpointId === checkpointId;
    // Sinks must know whether it is a savepoint, and state how much is wanted of it, while between threads a barrier may
    // be there before its announcement. One that is older than the last announced was given up.
    if (!known && (announced?.checkpointId ?? 0) < checkpointId) return false;
    this.#waitingBarrier = undefined;
    this.#past = Math.max(this.#past, checkpointId);
    const barrier = known ? announced : { checkpointId, savepoint: false };
    this.#chain.barrier(barrier, NO_SPLITS, {
      arrivedAtMs: this.#alignsSince,
      inFlight: this.#inFlight.empty ? [] : this.#inFlightParts(),
    });
    return true;
  }

  #inFlightParts(): readonly SnapshotPart[] {
    const { restoredWatermark } = this.#inFlight;
    const watermark = Math.max(this.#chain.inputWatermark, restoredWatermark);
    return inFlightParts(this.#context, this.#inFlight, watermark);
  }

  /** Nothing more is in a channel, and no barrier is awaited from it. */
  #endOf(index: number): void {
    this.#ended[index] = true;
    this.#barrier(this.#aligner.end(index));
  }

  #inputOver(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#chain.end(NO_SPLITS);
  }
}
