/** Assigners, triggers and evictors of the suite by the words of the authoring API. */
import type { Duration } from '#engine/data/duration.ts';
import { type Evictor, evictors } from '#engine/stream/evictors.ts';
import { type Trigger, triggers } from '#engine/stream/triggers.ts';
import type { WindowTiming } from '#engine/stream/window-rows.ts';
import {
  countWindow,
  globalWindow,
  session,
  sliding,
  tumbling,
  type Window,
} from '#engine/stream/windows.ts';
import type { Keyed } from './subject.ts';

/** How a case divides its records into windows; joins have it, too. */
export interface WindowChoices {
  readonly assigner: {
    readonly type: string;
    readonly size?: number;
    readonly slide?: number;
    readonly offset?: number;
    readonly gap?: number;
    readonly time?: 'event' | 'processing';
    readonly stagger?: 'natural';
    readonly endOfStream?: boolean;
  };
  readonly trigger?: TriggerCase;
  readonly evictor?: EvictorCase;
  readonly allowedLateness?: number | 'max';
  readonly lateSideOutput?: boolean;
}

interface TriggerCase {
  readonly type: string;
  readonly count?: number;
  readonly interval?: number;
  readonly threshold?: number;
  readonly timeout?: number;
  readonly trigger?: TriggerCase;
  readonly resetOnNewRecord?: boolean;
  readonly clearOnTimeout?: boolean;
}

interface EvictorCase {
  readonly type: string;
  readonly count?: number;
  readonly size?: number;
  readonly threshold?: number;
  readonly after?: boolean;
}

export function windowOf({ assigner }: WindowChoices): Window<Keyed> {
  const { type, size = 0, slide, offset = 0, gap = 0, time = 'event', stagger, endOfStream } = assigner;
  const options = { offset: msText(offset), time };
  switch (type) {
    case 'tumbling':
      return tumbling(msText(size), { ...options, ...(stagger === undefined ? {} : { stagger }) });
    case 'sliding':
      return sliding(msText(size), msText(slide ?? 0), options);
    case 'session':
      return session(msText(gap), { time });
    case 'dynamicSession':
      return session((record: Keyed) => (record.value as { readonly gap: number }).gap, { time }); // by the suite
    case 'count':
      return countWindow(size, slide);
    default:
      return globalWindow({ endOfStream: endOfStream === true });
  }
}

export function timingOf(choices: WindowChoices): WindowTiming<Keyed> {
  const { trigger, evictor, allowedLateness = 0 } = choices;
  return {
    lateness: allowedLateness === 'max' ? 'max' : msText(allowedLateness),
    ...(trigger === undefined ? {} : { trigger: triggerOf(trigger) }),
    ...(evictor === undefined ? {} : { evictor: evictorOf(evictor) }),
  };
}

function triggerOf(trigger: TriggerCase): Trigger<Keyed> {
  const { type, count = 0, interval = 0, threshold = 0, timeout = 0 } = trigger;
  const inner = (): Trigger<Keyed> => triggerOf(trigger.trigger ?? { type: 'eventTime' });
  switch (type) {
    case 'processingTime':
      return triggers.processingTime();
    case 'count':
      return triggers.count(count);
    case 'purging':
      return triggers.purging(inner());
    case 'continuousEventTime':
      return triggers.continuousEventTime(msText(interval));
    case 'continuousProcessingTime':
      return triggers.continuousProcessingTime(msText(interval));
    case 'delta':
      return triggers.delta(threshold, distance);
    case 'processingTimeout':
      return triggers.processingTimeout(inner(), msText(timeout), {
        resetOnRecord: trigger.resetOnNewRecord === true,
        clearOnTimeout: trigger.clearOnTimeout !== false,
      });
    default:
      return triggers.eventTime();
  }
}

function evictorOf({ type, count = 0, size = 0, threshold = 0, after = false }: EvictorCase): Evictor<Keyed> {
  switch (type) {
    case 'count':
      return evictors.count(count, { after });
    case 'time':
      return evictors.time(msText(size), { after });
    default:
      return evictors.delta(threshold, distance, { after });
  }
}

function distance(left: Keyed, right: Keyed): number {
  return Math.abs(numberOf(left) - numberOf(right));
}

/** The value of a record or its field `v`. */
export function numberOf({ value }: Keyed): number {
  return typeof value === 'number' ? value : (value as { readonly v: number }).v; // by the suite
}

function msText(ms: number): Duration {
  return `${ms} ms`;
}
