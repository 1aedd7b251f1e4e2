import type { KeyGroupRange } from '../../data/key-groups.ts';
import type { StateDescription } from '../../graph/describe-graph.ts';
import type { Manifest, ManifestChunk, ManifestOperator, ManifestSplit } from '../coordinator/manifest.ts';

/** Amounts of state. */
export interface StateAmounts {
  /** Entries as written; one that changed since the last whole snapshot counts each time. */
  readonly entries: number;
  /** Before compression; as stored where version 1 does not say. */
  readonly rawBytes: number;
  readonly storedBytes: number;
}

/** One state cell, with what is there of it. */
export interface DescribedState extends StateAmounts {
  readonly name: string;
  /** What was declared; absent for what an operator keeps by itself, such as timers. */
  readonly declared?: StateDescription;
  readonly distribution: NonNullable<ManifestChunk['distribution']> | 'key-groups';
  /** Of its writers, in order. */
  readonly keyGroups: readonly KeyGroupRange[];
}

/** One operator, with its state cells and the splits that it had read. */
export interface DescribedOperator extends StateAmounts {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly parallelism: number;
  readonly states: readonly DescribedState[];
  readonly splits: readonly Omit<ManifestSplit, 'operatorId'>[];
}

/** What a savepoint or checkpoint holds, and what it can be restored into. */
export interface SavepointDescription extends StateAmounts {
  readonly application: string;
  readonly graphHash: string;
  readonly jobId: string;
  readonly checkpointId: number;
  readonly savepoint: boolean;
  readonly completedAt: string;
  readonly formatVersion: number;
  readonly engineVersion?: string;
  readonly stateBackend?: string;
  /** True where it can be moved with its directory. */
  readonly selfContained: boolean;
  readonly parallelism: number;
  readonly operators: readonly DescribedOperator[];
  readonly restoresInto: {
    /** Any parallelism up to it, and no other max parallelism. */
    readonly maxParallelism: number;
    /** Operators that a program must have, unless non-restored state is allowed or they are renamed. */
    readonly operators: readonly string[];
  };
}

/** Says what a manifest holds; nothing is read for it. */
export function describeSavepoint(manifest: Manifest): SavepointDescription {
  const { application, graphHash, jobId, checkpointId, savepoint, completedAt, parallelism } = manifest;
  const { engineVersion, stateBackend } = manifest;
  const operators = manifest.operators.map((operator) => describeOperator(manifest, operator));
  return {
    application,
    graphHash,
    jobId,
    checkpointId,
    savepoint,
    completedAt,
    formatVersion: manifest.version,
    ...(engineVersion === undefined ? {} : { engineVersion }),
    ...(stateBackend === undefined ? {} : { stateBackend }),
    selfContained: manifest.selfContained ?? manifest.version === 1,
    parallelism,
    operators,
    ...amountsOf(manifest.operators.flatMap(({ chunks }) => chunks)),
    restoresInto: {
      maxParallelism: manifest.maxParallelism,
      operators: operators
        .filter(({ states, splits }) => states.length > 0 || splits.length > 0)
        .map(({ name }) => name),
    },
  };
}

function describeOperator(manifest: Manifest, operator: ManifestOperator): DescribedOperator {
  const { id, name, kind, state, chunks, parallelism = manifest.parallelism } = operator;
  const written = Map.groupBy(chunks, (chunk) => chunk.state);
  const names = new Set([...state.map((cell) => cell.name), ...written.keys()]);
  return {
    id,
    name,
    kind,
    parallelism,
    states: [...names].map((cell) => describeState(cell, operator, written.get(cell) ?? [])),
    splits: manifest.splits
      .filter(({ operatorId }) => operatorId === id)
      .map(({ operatorId: _, ...split }) => split),
    ...amountsOf(chunks),
  };
}

function describeState(
  name: string,
  { state }: ManifestOperator,
  chunks: readonly ManifestChunk[],
): DescribedState {
  const declared = state.find((cell) => cell.name === name);
  const ranges = new Map(chunks.map(({ keyGroups }) => [keyGroups.start, keyGroups]));
  return {
    name,
    ...(declared === undefined ? {} : { declared }),
    distribution: chunks[0]?.distribution ?? 'key-groups',
    keyGroups: [...ranges.values()].sort((left, right) => left.start - right.start),
    ...amountsOf(chunks),
  };
}

function amountsOf(chunks: readonly ManifestChunk[]): StateAmounts {
  return {
    entries: chunks.reduce((sum, { entries }) => sum + entries, 0),
    rawBytes: chunks.reduce((sum, { bytes, rawBytes = bytes }) => sum + rawBytes, 0),
    storedBytes: chunks.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
