import { MIN_WATERMARK } from '../data/record-batch.ts';

interface ChannelState {
  watermark: number;
  idle: boolean;
  /**
   * False for a channel that came back from idle and has not caught up yet: it does not hold the others back.
   */
  aligned: boolean;
}

/** What the valve lets out. */
export interface ValveOutput {
  watermark(watermark: number): void;
  idle(idle: boolean): void;
}

/**
 * One watermark out of many channels: the lowest of those that count.
 *
 * Contract: what goes out never goes back. Idle channels do not count; a channel that returns counts again as
 * soon as it has caught up. When the last active channel goes idle, the highest watermark goes out, since
 * nobody is left to wait for.
 * Source: StatusWatermarkValve of Flink 2.3 and the cases of its test, as in test/data/operators/valve.jsonl.
 */
export class WatermarkValve {
  readonly #channels: ChannelState[];
  readonly #output: ValveOutput;
  #last = MIN_WATERMARK;
  #idle = false;

  constructor(channels: number, output: ValveOutput) {
    this.#channels = Array.from({ length: channels }, () => ({
      watermark: MIN_WATERMARK,
      idle: false,
      aligned: true,
    }));
    this.#output = output;
  }

  inputWatermark(index: number, watermark: number): void {
    const channel = this.#channels[index];
    if (channel === undefined || channel.idle || watermark <= channel.watermark) return;
    channel.watermark = watermark;
    if (!channel.aligned && watermark >= this.#last) channel.aligned = true;
    this.#emitLowest();
  }

  inputIdle(index: number, idle: boolean): void {
    const channel = this.#channels[index];
    if (channel === undefined || channel.idle === idle) return;
    if (idle) this.#goIdle(channel);
    else this.#goActive(channel);
  }

  #goIdle(channel: ChannelState): void {
    channel.idle = true;
    channel.aligned = false;
    if (this.#channels.some(({ idle }) => !idle)) {
      this.#emitLowest();
      return;
    }
    // Had another channel held the minimum, the highest would have gone out with that one's idleness already.
    if (channel.watermark === this.#last)
      this.#emit(Math.max(...this.#channels.map(({ watermark }) => watermark)));
    this.#idle = true;
    this.#output.idle(true);
  }

  #goActive(channel: ChannelState): void {
    channel.idle = false;
    channel.aligned = channel.watermark >= this.#last;
    if (!this.#idle) return;
    this.#idle = false;
    this.#output.idle(false);
  }

  #emitLowest(): void {
    let lowest = Infinity;
    for (const { aligned, watermark } of this.#channels)
      if (aligned && watermark < lowest) lowest = watermark;
    if (lowest !== Infinity) this.#emit(lowest);
  }

  #emit(watermark: number): void {
    if (watermark <= this.#last) return;
    this.#last = watermark;
    this.#output.watermark(watermark);
  }
}
