import { expect, test } from 'vitest';
import { recordsOut, type ChainShape } from './records-out.ts';

type Node = ChainShape['nodes'][number];

/** The parts of a node that counting looks at. */
function node(name: string, kind: Node['kind'], from?: string, output = 'main'): Node {
  const inputs = from === undefined ? [] : [{ from, output, exchange: 'forward' }];
  return { name, kind, inputs } as unknown as Node; // the rest is not read
}

function edge(from: string, output = 'main'): ChainShape['outputs'][number] {
  return { node: from, output } as ChainShape['outputs'][number]; // as above
}

function counted(recordsIn: number, out: number) {
  return { id: '', name: '', recordsIn, recordsOut: out, lateRecords: 0, stateEntries: 0, stateBytes: 0 };
}

test('a chain that ends in a sink counts what the sink was given', () => {
  const nodes = [node('rows', 'map', 'window'), node('table', 'sink', 'rows')];
  expect(recordsOut({ nodes, outputs: [] }, [counted(9, 9), counted(9, 0)])).toBe(9);
});

test('a chain with two sinks counts what both were given', () => {
  const nodes = [
    node('window', 'window', 'source'),
    node('table', 'sink', 'window'),
    node('late', 'sink', 'window', 'late'),
  ];
  expect(recordsOut({ nodes, outputs: [] }, [counted(100, 12), counted(10, 0), counted(2, 0)])).toBe(12);
});

test('a chain counts a record once that goes over several edges', () => {
  const outputs = [edge('map'), edge('map')];
  expect(recordsOut({ nodes: [node('map', 'map')], outputs }, [counted(5, 5)])).toBe(5);
});

test('an output that stays inside the chain is not counted with the one that leaves', () => {
  const nodes = [node('split', 'process', 'source'), node('table', 'sink', 'split', 'small')];
  const shape = { nodes, outputs: [edge('split')] };
  // Three records went to the sink and seven over the edge.
  expect(recordsOut(shape, [counted(10, 10), counted(3, 0)])).toBe(10);
  const mapped = [node('split', 'process', 'source'), node('even', 'filter', 'split', 'small')];
  expect(recordsOut({ nodes: mapped, outputs: [edge('split')] }, [counted(10, 10), counted(3, 1)])).toBe(7);
});
