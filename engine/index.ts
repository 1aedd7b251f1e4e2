/** The authoring API; the package exports it as `headwater`. A program describes a dataflow graph and runs nothing. */
export type {
  Committable,
  Committer,
  ConnectorEvent,
  ConnectorHost,
  ConnectorOptions,
  Guarantee,
  PolledBatch,
  Prepared,
  PrepareHow,
  Recovery,
  Sink,
  SinkWriter,
  Source,
  Split,
  SplitEnumerator,
  SplitReader,
  SplitTime,
  TransactionalSink,
  TransactionalWriter,
  UndecodableRecord,
} from './connectors/connector.ts';
export type { RecordBatch } from './data/record-batch.ts';
export { dateText, daysOf } from './data/date-text.ts';
export { Decimal } from './data/decimal.ts';
export { type Duration, ms } from './data/duration.ts';
export type { Key, PrimitiveKey } from './data/key-groups.ts';
export type { Infer, Schema, Schemas } from './data/schema.ts';
export { t, type Type } from './data/built-in-types.ts';
export type { DataflowEdge, DataflowGraph, DataflowNode, Exchange } from './graph/dataflow-graph.ts';
export {
  describeGraph,
  type GraphDescription,
  type OperatorDescription,
  type StateDescription,
} from './graph/describe-graph.ts';
export { graphHash } from './graph/graph-hash.ts';
export { type StateChange, stateChanges } from './graph/state-changes.ts';
export type { Aggregate } from './operators/aggregate.ts';
export type { CallContext, CallOutcome } from './operators/operator-definition.ts';
export type { TimerHandle } from './operators/function-scope.ts';
export type { BroadcastReader } from './state/broadcast-state.ts';
export type { AggregatingState, ReducingState } from './state/accumulating-state.ts';
export type { AccumulatorFunctions, TtlUpdate, TtlVisibility } from './state/declaration.ts';
export type { ListState } from './state/list-state.ts';
export type { MapState } from './state/map-state.ts';
export type { OperatorListState } from './state/operator-list.ts';
export type { ValueState } from './state/value-state.ts';
export { aggregate, type AggregateSpec, avg, count, max, min, sum } from './stream/aggregates.ts';
export {
  application,
  type Application,
  type ApplicationSpec,
  type Build,
  type SourceOptions,
  type Undecodable,
} from './stream/application.ts';
export type { AsyncSpec, RetrySpec } from './stream/async.ts';
export {
  type AssignTimeSpec,
  boundedOutOfOrderness,
  type EventTimeOptions,
  monotonous,
  noWatermarks,
  punctuated,
  type Watermarks,
} from './stream/event-time.ts';
export type {
  BroadcastConnected,
  BroadcastContext,
  BroadcastMaps,
  BroadcastSpec,
  BroadcastStream,
  KeyedBroadcastConnected,
  KeyedBroadcastContext,
  KeyedBroadcastSpec,
} from './stream/broadcast.ts';
export type { CoGrouped, CoGroupSpec, WindowJoined } from './stream/window-joins.ts';
export type {
  IntervalBounds,
  IntervalJoined,
  IntervalJoinSpec,
  LateSides,
  PairContext,
} from './stream/joins.ts';
export type {
  ConnectedStreams,
  ConnectSpec,
  KeyedConnectedStreams,
  KeyedConnectSpec,
} from './stream/connected-streams.ts';
export { type ApplicationDescription, describeApplication } from './stream/describe-application.ts';
export type {
  KeyedContext,
  KeyedProcessSpec,
  OutputContext,
  ProcessSpec,
  UnkeyedContext,
} from './stream/process-spec.ts';
export type { Addable, Comparable, FieldOf, TieOptions } from './stream/reductions.ts';
export {
  aggregating,
  type Cell,
  type CellMigration,
  type CellOptions,
  type Cells,
  list,
  map,
  migration,
  type OperatorCell,
  type OperatorCells,
  operatorList,
  type OperatorListOptions,
  reducing,
  value,
} from './stream/state-cells.ts';
export type { Match, MatchOptions, SkipToStep } from './stream/match.ts';
export {
  type AbsenceOptions,
  type GroupOptions,
  type Pattern,
  pattern,
  type PatternStart,
  type StepOptions,
} from './stream/pattern.ts';
export type { KeyedStream, Matches, Sides, Stream, StreamWithSides } from './stream/stream.ts';
export type { AggregateResults, WindowRow, WindowTiming } from './stream/window-rows.ts';
export {
  countWindow,
  globalWindow,
  session,
  sliding,
  tumbling,
  type TumblingOptions,
  type Window,
  type WindowOptions,
} from './stream/windows.ts';
export { type Evictor, type EvictorOptions, evictors } from './stream/evictors.ts';
export {
  type OwnTriggerSpec,
  type ProcessingTimeoutOptions,
  type Trigger,
  triggers,
} from './stream/triggers.ts';
export type { WindowContext, WindowProcessSpec, WindowSpec } from './stream/window-functions.ts';
export type { LateSide, WindowedStream } from './stream/windowed-stream.ts';
export type { OwnTriggerContext, TimedTriggerContext } from './operators/windows/own-trigger.ts';
export type { TriggerAnswer, WindowElement } from './operators/windows/window-definition.ts';
export type { WindowBounds } from './operators/windows/window-entry.ts';
export { type CheckpointStorage, FencedError, type StoredObject, type WriteCondition } from './host.ts';
export type { WriteTimes } from './runtime/coordinator/abandoned-savepoints.ts';
export { collectGarbage, type Collection } from './runtime/coordinator/collect-garbage.ts';
export { type LocatedManifest, type Manifest, readManifest } from './runtime/coordinator/manifest.ts';
export {
  type DescribedOperator,
  type DescribedState,
  describeSavepoint,
  type SavepointDescription,
} from './runtime/savepoints/describe-savepoint.ts';
export { exportSavepoint } from './runtime/savepoints/export-savepoint.ts';
export { importSavepoint } from './runtime/savepoints/import-savepoint.ts';
