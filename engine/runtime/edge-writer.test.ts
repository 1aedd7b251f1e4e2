import { describe, expect, it } from 'vitest';
import { batchCodec } from '../data/batch-codec.ts';
import { type Key, keyGroupOf, subtaskOf } from '../data/key-groups.ts';
import type { Exchange } from '../graph/dataflow-graph.ts';
import type { JobEdge } from '../graph/job-graph.ts';
import type { OutputChannel } from './channel.ts';
import { edgeWriter } from './edge-writer.ts';

function edgeOf(exchange: Exchange): JobEdge {
  const key = (value: { readonly id: Key }) => value.id;
  return {
    index: 0,
    from: 0,
    to: 1,
    node: 'in',
    output: 'main',
    targetNode: 'out',
    exchange,
    key,
    codec: batchCodec(undefined),
  };
}

function written(exchange: Exchange, channels: number, values: readonly unknown[]): unknown[][] {
  const seen: unknown[][] = Array.from({ length: channels }, () => []);
  const outputs = seen.map((values): OutputChannel => ({
    write: (value) => void values.push(value),
    mark: () => undefined,
    flush: () => undefined,
    makeRoom: () => true,
    bytes: 0,
  }));
  const writer = edgeWriter(edgeOf(exchange), outputs, 128);
  for (const value of values) writer.write(value, 0);
  return seen;
}

const values = Array.from({ length: 100 }, (_, index) => ({ id: `key-${index}` }));

describe('an edge writer', () => {
  it('sends a record to the subtask that owns the key group of its key', () => {
    const seen = written('hash', 3, values);
    for (const value of values) expect(seen[subtaskOf(keyGroupOf(value.id, 128), 128, 3)]).toContain(value);
    expect(seen.every((some) => some.length > 10)).toBe(true);
  });

  it('sends equal composite keys to one subtask, though they are other arrays', () => {
    const composite = Array.from({ length: 100 }, (_, index) => ({ id: ['key', index % 50] as const }));
    const seen = written('hash', 3, composite);
    for (const value of composite) {
      expect(seen[subtaskOf(keyGroupOf(value.id, 128), 128, 3)]).toContain(value);
    }
    expect(seen.every((some) => some.length > 10 && some.length % 2 === 0)).toBe(true);
  });

  it('refuses a key that is none, and names the edge', () => {
    expect(() => written('hash', 2, [{}])).toThrow(
      'Cannot send a record from "in" to "out": keyBy gave undefined',
    );
  });

  it('sends records in turn where they are rebalanced', () => {
    expect(written('rebalance', 3, [1, 2, 3, 4])).toEqual([[1, 4], [2], [3]]);
  });

  it('sends every record to all where they are broadcast', () => {
    expect(written('broadcast', 2, [1, 2])).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('sends forward to the one', () => {
    expect(written('forward', 1, [1, 2])).toEqual([[1, 2]]);
  });
});
