import { MIN_WATERMARK } from '../data/record-batch.ts';
import { type ValveOutput, WatermarkValve } from './watermark-valve.ts';

/** The channels of a subtask, each with the input of the chain that it belongs to, and whether inputs keep a time each. */
export interface InputTimeOptions {
  /** By channel. */
  readonly inputs: readonly number[];
  /** True for an operator with two inputs; united streams have one time. */
  readonly separate: boolean;
}

interface Valved {
  readonly valve: WatermarkValve;
  readonly index: number;
}

/** The event time of a subtask, out of the watermarks of all its channels. */
export class InputTime {
  readonly #channels: readonly Valved[];

  constructor({ inputs, separate }: InputTimeOptions, output: ValveOutput) {
    const count = separate ? Math.max(0, ...inputs) + 1 : 1;
    const ofInput = (input: number): number[] =>
      inputs.flatMap((each, channel) => (!separate || each === input ? [channel] : []));
    const lowest = new LowestInput(count, output);
    const valves = Array.from({ length: count }, (_, input) => {
      const channels = ofInput(input);
      const target = separate ? lowest.input(input) : output;
      return { channels, valve: new WatermarkValve(channels.length, target) };
    });
    this.#channels = inputs.map((input, channel) => {
      const { channels, valve } = valves[separate ? input : 0] ?? valves[0]!; // every input has its valve
      return { valve, index: channels.indexOf(channel) };
    });
  }

  watermark(channel: number, watermark: number): void {
    const { valve, index } = this.#of(channel);
    valve.inputWatermark(index, watermark);
  }

  idle(channel: number, idle: boolean): void {
    const { valve, index } = this.#of(channel);
    valve.inputIdle(index, idle);
  }

  #of(channel: number): Valved {
    const found = this.#channels[channel];
    if (found === undefined) throw new Error(`There is no channel ${channel} of ${this.#channels.length}.`);
    return found;
  }
}

interface OneInput {
  watermark: number;
  idle: boolean;
}

/**
 * The lower of the times of two inputs.
 *
 * Contract: an idle input does not count; unlike a channel of a valve, one that returns counts at once and so holds
 * the time where it is until it has caught up. When the last one goes idle, the highest time goes out, since nobody
 * is left to wait for. Source: Flink's `IndexedCombinedWatermarkStatus` and the cases in
 * test/data/operators/co-process.jsonl.
 */
class LowestInput {
  readonly #inputs: readonly OneInput[];
  readonly #output: ValveOutput;
  #watermark = MIN_WATERMARK;
  #idle = false;

  constructor(count: number, output: ValveOutput) {
    this.#inputs = Array.from({ length: count }, () => ({ watermark: MIN_WATERMARK, idle: false }));
    this.#output = output;
  }

  /** The way in for what the valve of one input lets out. */
  input(index: number): ValveOutput {
    const input = this.#inputs[index]!; // made for every input
    return {
      watermark: (watermark) => {
        input.idle = false;
        input.watermark = Math.max(input.watermark, watermark);
        this.#advance();
      },
      idle: (idle) => {
        input.idle = idle;
        const wasIdle = this.#idle;
        this.#advance();
        if (this.#idle !== wasIdle) this.#output.idle(this.#idle);
      },
    };
  }

  #advance(): void {
    const active = this.#inputs.filter(({ idle }) => !idle);
    this.#idle = active.length === 0;
    const next = this.#idle
      ? Math.max(...this.#inputs.map(({ watermark }) => watermark))
      : Math.min(...active.map(({ watermark }) => watermark));
    if (next <= this.#watermark) return;
    this.#watermark = next;
    this.#output.watermark(next);
  }
}
