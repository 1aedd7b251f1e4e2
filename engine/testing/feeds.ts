import { MIN_WATERMARK, NO_TIME } from '../data/record-batch.ts';
import type { DataflowGraph } from '../graph/dataflow-graph.ts';
import type { SourceDefinition } from '../operators/operator-definition.ts';
import { WatermarkGenerator } from '../operators/watermark-generator.ts';
import { seededRandom } from './seeded-random.ts';
import { namesOf } from './graph-names.ts';

/** Records by source, in the order in which each source gives them. */
export type Feeds = Readonly<Record<string, readonly unknown[]>>;

/** How the feeds of several sources become one sequence. */
export interface FeedOrder {
  /** `given` keeps the order of each feed, one feed after the other; `time` (default) sorts all by event time. */
  readonly order?: 'time' | 'given';
  /**
   * A seed: each feed keeps its order, and chance decides which goes next and how far its watermark lags. What a
   * program computes must not depend on it, as long as no record is late.
   */
  readonly interleave?: number;
}

/** One record on its way into a job. */
export interface FedRecord {
  readonly source: string;
  readonly value: unknown;
  readonly time: number;
  /** The source's watermark after this record; undefined where it lags behind and is not told. */
  readonly watermark: number | undefined;
}

interface TimedRecord {
  readonly source: string;
  readonly value: unknown;
  readonly time: number;
}

/** Puts the feeds in one order and gives every record the watermark that its source has after it. */
export function fedRecords(
  graph: DataflowGraph,
  feeds: Feeds,
  { order, interleave }: FeedOrder,
): FedRecord[] {
  const timed = Object.entries(feeds).map(([source, values]) => {
    const { time } = sourceOf(graph, source).source;
    return values.map((value): TimedRecord => ({ source, value, time: time?.(value) ?? NO_TIME }));
  });
  if (interleave === undefined) {
    const records = timed.flat();
    const sorted = order === 'given' ? records : records.sort((left, right) => left.time - right.time);
    return withWatermarks(graph, sorted, () => true);
  }
  const random = seededRandom(interleave);
  return withWatermarks(graph, interleaved(timed, random), () => random() < 0.5);
}

/** Every feed keeps its own order; which one goes next is chance, weighted by what each has left. */
function interleaved(feeds: readonly (readonly TimedRecord[])[], random: () => number): TimedRecord[] {
  const left = feeds.map((feed) => feed.toReversed());
  const records: TimedRecord[] = [];
  for (let count = left.flat().length; count > 0; count--) {
    let chosen = Math.floor(random() * count);
    const next = left.find((feed) => {
      chosen -= feed.length;
      return chosen < 0;
    });
    records.push(...(next?.splice(-1) ?? []));
  }
  return records;
}

function withWatermarks(
  graph: DataflowGraph,
  records: readonly TimedRecord[],
  tells: () => boolean,
): FedRecord[] {
  const generators = new Map<string, WatermarkGenerator>();
  return records.map((record) => {
    const { source, value, time } = record;
    const generator = generators.get(source) ?? new WatermarkGenerator(sourceOf(graph, source).watermark);
    generators.set(source, generator);
    generator.record(value, time);
    generator.look(0);
    const { watermark } = generator;
    return { ...record, watermark: watermark > MIN_WATERMARK && tells() ? watermark : undefined };
  });
}

function sourceOf(graph: DataflowGraph, name: string): SourceDefinition {
  const definition = graph.nodes.find((node) => node.name === name)?.definition;
  if (definition?.kind !== 'source') {
    throw new Error(
      `Cannot feed source "${name}": application "${graph.application}" has ${namesOf(graph, 'source')}`,
    );
  }
  return definition;
}
