import { MAX_WATERMARK, MIN_WATERMARK, NO_TIME } from '#engine/data/record-batch.ts';
import type { Schema } from '#engine/data/schema.ts';
import type { TimerHandle } from '#engine/operators/function-scope.ts';
import { anything } from './anything.ts';
import { stateOf } from './script-cells.ts';
import type { ScriptContext } from './script.ts';
import type { Keyed } from './subject.ts';

/** The timers that every function of the suite declares. */
export type ScriptTimer = 'event' | 'processing';

/** What a script uses of a handler's context. Without keys there are neither a key nor timers. */
export interface Handles {
  readonly key?: unknown;
  readonly time: number;
  readonly watermark: number;
  now(this: void): number;
  readonly state?: unknown;
  readonly timers?: unknown;
  readonly broadcast?: Readonly<Record<string, unknown>>;
  emit(this: void, record: Keyed): void;
  side(this: void, name: string, record: Keyed): void;
}

/** The context of a handler by the words of the language. */
export function contextOf(
  ctx: Handles,
  at: { readonly value: unknown; readonly domain: ScriptTimer | null },
): ScriptContext {
  // As the subjects declare them; who declares none is refused by the operator.
  const timers = ctx.timers as Readonly<Record<ScriptTimer, TimerHandle>>;
  const state = ctx.state as Readonly<Record<string, unknown>>; // as above
  const { broadcast } = ctx;
  return {
    value: at.value,
    domain: at.domain,
    key: ctx.key as string, // keys of the suite stand for themselves
    time: ctx.time === NO_TIME ? null : ctx.time,
    watermark: watermarkText(ctx.watermark),
    processingTime: ctx.now(),
    state: (name) => stateOf(state[name]),
    ...(broadcast === undefined ? {} : { broadcast: (name) => stateOf(broadcast[name]) }),
    emit: (side, record) => {
      const keyed = { key: ctx.key, value: record } as Keyed; // as above
      if (side === undefined) {
        ctx.emit(keyed);
      } else {
        ctx.side(side, keyed);
      }
    },
    timer: (domain, action, time) => {
      if (action === 'set') {
        timers[domain].add(time);
      } else {
        timers[domain].cancel(time);
      }
    },
  };
}

/** Side outputs that are named anywhere in the scripts. */
export function sidesOf(scripts: readonly unknown[]): Readonly<Record<string, Schema<Keyed>>> {
  return Object.fromEntries(sidesIn(scripts).map((side) => [side, anything<Keyed>()]));
}

function sidesIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) {
    return [];
  }
  const own = 'side' in part && 'emit' in part ? [String(part.side)] : [];
  return [...own, ...Object.values(part).flatMap(sidesIn)];
}

function watermarkText(watermark: number): number | 'min' | 'max' {
  if (watermark === MIN_WATERMARK) {
    return 'min';
  }
  return watermark === MAX_WATERMARK ? 'max' : watermark;
}
