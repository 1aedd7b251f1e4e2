import type { Sink, Source } from '../connectors/connector.ts';
import type { Aggregate } from './aggregate.ts';

/**
 * What an operator does: plain data and the user's functions.
 *
 * Contract: nothing here depends on class identity, since a program's bundle has its own copy of the engine. The
 * functions take `never`: whoever calls them knows by the graph that the types fit.
 */
export type OperatorDefinition =
  | SourceDefinition
  | { readonly kind: 'map'; readonly map: (value: never) => unknown }
  | { readonly kind: 'filter'; readonly filter: (value: never) => boolean }
  | { readonly kind: 'flat-map'; readonly flatMap: (value: never) => Iterable<unknown> }
  | { readonly kind: 'union' }
  | ProcessDefinition
  | WindowDefinition
  | { readonly kind: 'sink'; readonly sink: Sink<never> };

/** Operators with two inputs whose times are compared as a whole; others see one stream, united from all channels. */
const TIME_PER_INPUT: ReadonlySet<string> = new Set<OperatorDefinition['kind']>([]);

/** Operators that decide themselves when event time passes; see `PacingOperator`. */
const PACING: ReadonlySet<string> = new Set<OperatorDefinition['kind']>([]);

export function keepsTimePerInput(definition: OperatorDefinition | undefined): boolean {
  return definition !== undefined && TIME_PER_INPUT.has(definition.kind);
}

/** True for operators that no other may come before in a chain. */
export function beginsChain(definition: OperatorDefinition): boolean {
  return PACING.has(definition.kind);
}

/** Where records enter the graph. */
export interface SourceDefinition {
  readonly kind: 'source';
  readonly source: Source<unknown>;
  readonly watermark: WatermarkStrategy;
}

/** How far records may lag behind the newest one of their split, and when a split without records counts as idle. */
export interface WatermarkStrategy {
  readonly outOfOrdernessMs: number;
  readonly idleAfterMs?: number;
}

/** What all users' functions with state have in common. State cells are declared in the node's `state`. */
export interface FunctionDefinition {
  readonly keyed: boolean;
  readonly timers: readonly string[];
  readonly processingTimers: readonly string[];
  readonly outputs: readonly string[];
  readonly onTimer?: (timer: never, context: never) => unknown;
}

/** A user's operator with state, timers and side outputs. */
export interface ProcessDefinition extends FunctionDefinition {
  readonly kind: 'process';
  readonly onRecord: (record: never, context: never) => unknown;
}

/** Aggregates per key and window. Records behind `latenessMs` go to the side output `late`. */
export interface WindowDefinition {
  readonly kind: 'window';
  readonly assigner: WindowAssigner;
  readonly latenessMs: number;
  /** Where given, a window that changed is also emitted at this pace of processing time. */
  readonly earlyMs?: number;
  readonly aggregates: Readonly<Record<string, Aggregate<never, unknown>>>;
}

/** Which windows a record belongs to; all numbers in ms of event time, windows are [start, end). */
export type WindowAssigner =
  | { readonly kind: 'tumbling'; readonly sizeMs: number; readonly offsetMs: number }
  | {
      readonly kind: 'sliding';
      readonly sizeMs: number;
      readonly slideMs: number;
      readonly offsetMs: number;
    };
