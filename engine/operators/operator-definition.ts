import type { Sink, Source } from '../connectors/connector.ts';
import type { Aggregate } from './aggregate.ts';
import type { MatchDefinition } from './cep/match-definition.ts';
import type { GeneralWindowDefinition } from './windows/window-definition.ts';

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
  | ReduceDefinition
  | ProcessDefinition
  | CoProcessDefinition
  | BroadcastProcessDefinition
  | WindowDefinition
  | GeneralWindowDefinition
  | IntervalJoinDefinition
  | AsyncDefinition
  | AssignTimeDefinition
  | MatchDefinition
  | { readonly kind: 'sink'; readonly sink: Sink<never> };

/** Operators with two inputs whose times are compared as a whole; others see one stream, united from all channels. */
const TIME_PER_INPUT: ReadonlySet<string> = new Set<OperatorDefinition['kind']>([
  'co-process',
  'broadcast-process',
  'interval-join',
]);

/** Operators that decide themselves when event time passes; see `PacingOperator`. */
const PACING: ReadonlySet<string> = new Set<OperatorDefinition['kind']>(['async', 'assign-time']);

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
  readonly align?: WatermarkAlignment;
}

/**
 * Where watermarks come from: from the newest time less an allowance, from records that carry them, or, without
 * either, from nowhere.
 */
export interface WatermarkStrategy {
  /** How far records may lag behind the newest one of their stream or split. */
  readonly outOfOrdernessMs?: number;
  /** A watermark, or that none need be waited for, as a record says it. */
  readonly punctuated?: (value: never, time: number) => number | 'idle' | undefined;
  /** Without records for so long nobody waits for this stream or split. */
  readonly idleAfterMs?: number;
}

/** Sources of one group wait for each other: none reads more than `maxDriftMs` of event time ahead of the slowest. */
export interface WatermarkAlignment {
  readonly group: string;
  readonly maxDriftMs: number;
}

/** Calls to the outside world, any number of them at once. `call` answers a promise. */
export interface AsyncDefinition {
  readonly kind: 'async';
  readonly call: (value: never, context: CallContext) => unknown;
  /** A call answers any number of records instead of one. */
  readonly many: boolean;
  readonly order: 'ordered' | 'unordered';
  /** Calls and watermarks under way at once. */
  readonly capacity: number;
  /** For a call with all its retries. */
  readonly timeoutMs?: number;
  /** Answers in place of a call that timed out; without it the operator fails. */
  readonly onTimeout?: (value: never) => unknown;
  readonly retry?: CallRetry;
}

/** What a call knows of itself. */
export interface CallContext {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** 1 for the first call for a record, 2 for its first retry. */
  readonly attempt: number;
}

/** How a call ended. */
export type CallOutcome<R> = { readonly result: R } | { readonly error: unknown };

/** When a call is made again. */
export interface CallRetry {
  /** Calls for one record at most, the first among them. */
  readonly attempts: number;
  readonly delayMs: number;
  /** Every delay is so many times the one before. */
  readonly backoff: number;
  readonly maxDelayMs?: number;
  /** Every error where it is left out. */
  readonly when?: (outcome: CallOutcome<never>) => boolean;
}

/** Gives records their event time in mid-stream, and makes new watermarks. */
export interface AssignTimeDefinition {
  readonly kind: 'assign-time';
  /** Without it records keep their time. */
  readonly time?: (value: never) => number;
  readonly watermark: WatermarkStrategy;
  /** Between two watermarks; 0 makes none but those that records carry. */
  readonly intervalMs: number;
}

/** Reduces the records of every key to one. The result so far is the only state that the node declares. */
export interface ReduceDefinition {
  readonly kind: 'reduce';
  readonly reduce: (left: never, right: never) => unknown;
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

/** A user's function of two inputs, which share its state and timers. */
export interface CoProcessDefinition extends FunctionDefinition {
  readonly kind: 'co-process';
  readonly onFirst: (record: never, context: never) => unknown;
  readonly onSecond: (record: never, context: never) => unknown;
}

/** A user's function of one input, and of a second that every subtask is given whole. */
export interface BroadcastProcessDefinition extends FunctionDefinition {
  readonly kind: 'broadcast-process';
  readonly onRecord: (record: never, context: never) => unknown;
  readonly onBroadcast: (record: never, context: never) => unknown;
}

/**
 * Joins two keyed inputs: a pair is of one key, with left time + `lowerMs` <= right time <= left time + `upperMs`.
 *
 * Contract: exclusive bounds have become inclusive ones, so that nothing joins where `lowerMs` is above `upperMs`.
 */
export interface IntervalJoinDefinition extends FunctionDefinition {
  readonly kind: 'interval-join';
  readonly lowerMs: number;
  readonly upperMs: number;
  readonly onPair: (left: never, right: never, context: never) => unknown;
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
