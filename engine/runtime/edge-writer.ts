import { keyGroupOf, subtaskOf } from '../data/key-groups.ts';
import { isKey, keyFault } from '../data/keys.ts';
import type { JobEdge } from '../graph/job-graph.ts';
import type { EdgeWriter } from '../operators/chain.ts';
import type { OutputChannel } from './channel.ts';

/**
 * The writer of one edge: it chooses the channel of each record.
 *
 * `channels` has one channel per subtask that the edge reaches from here: all of the target's, or of a forward
 * edge the one.
 */
export function edgeWriter(
  edge: JobEdge,
  channels: readonly OutputChannel[],
  maxParallelism: number,
): EdgeWriter {
  switch (edge.exchange) {
    case 'forward':
      return single(channels);
    case 'hash':
      return byKeyGroup(edge, channels, maxParallelism);
    case 'rebalance':
      return inTurn(channels);
    case 'broadcast':
      return toAll(channels);
  }
}

function single(channels: readonly OutputChannel[]): EdgeWriter {
  const [channel] = channels;
  if (channel === undefined) throw new Error('A forward edge has no channel.');
  return channel;
}

function byKeyGroup(edge: JobEdge, channels: readonly OutputChannel[], maxParallelism: number): EdgeWriter {
  const { key } = edge;
  if (key === undefined) throw new Error(`The edge from "${edge.node}" to "${edge.targetNode}" has no key.`);
  if (channels.length === 1) return single(channels);
  // The graph was type-checked where it was written: the key function fits the records of its edge.
  const keyOf = key as (value: unknown) => unknown;
  // A table instead of a multiplication per record.
  const channelOf = Array.from(
    { length: maxParallelism },
    (_, group) => channels[subtaskOf(group, maxParallelism, channels.length)],
  );
  return {
    write: (value, time) => {
      const recordKey = keyOf(value);
      // Programs are typed, and still read fields that are not there.
      if (!isKey(recordKey)) throw new TypeError(badKey(edge, recordKey));
      channelOf[keyGroupOf(recordKey, maxParallelism)]?.write(value, time);
    },
  };
}

function badKey(edge: JobEdge, key: unknown): string {
  return `Cannot send a record from "${edge.node}" to "${edge.targetNode}": keyBy gave ${keyFault(key)}`;
}

function inTurn(channels: readonly OutputChannel[]): EdgeWriter {
  let next = 0;
  return {
    write: (value, time) => {
      channels[next]?.write(value, time);
      next = next + 1 === channels.length ? 0 : next + 1;
    },
  };
}

function toAll(channels: readonly OutputChannel[]): EdgeWriter {
  return {
    write: (value, time) => {
      for (const channel of channels) channel.write(value, time);
    },
  };
}
