import type { GraphDescription } from '#contract/resources/application-version.ts';
import { describe, expect, test } from 'vitest';
import { placeCards } from '../../console/components/graph-layout.ts';
import { taskGraph } from '../../console/components/task-graph.ts';

type Operator = GraphDescription['nodes'][number];
type Input = Operator['inputs'][number];

function operator(name: string, inputs: Input[], more: Partial<Operator> = {}): Operator {
  return { id: `id-${name}`, name, kind: 'map', inputs, state: [], description: {}, ...more };
}

const reads = (from: string, exchange: Input['exchange'] = 'forward', output = 'main'): Input => ({
  from,
  output,
  exchange,
});

const names = (graph: GraphDescription, heads: string[] = []): string[][] =>
  taskGraph(graph, new Set(heads)).tasks.map((task) => task.operators.map(({ name }) => name));

describe('a task graph', () => {
  test('chains forward inputs and breaks at a hash exchange', () => {
    const nodes = [operator('a', []), operator('b', [reads('a')]), operator('c', [reads('b', 'hash')])];
    expect(names({ nodes })).toEqual([['a', 'b'], ['c']]);
  });

  test('breaks where the parallelism changes and where two inputs meet', () => {
    const nodes = [
      operator('a', []),
      operator('b', [reads('a')], { parallelism: 4 }),
      operator('c', [reads('a'), reads('b')]),
    ];
    expect(names({ nodes })).toEqual([['a'], ['b'], ['c']]);
  });

  test('follows the tasks that the job reports where they differ from the rule', () => {
    const nodes = [operator('a', []), operator('b', [reads('a')]), operator('c', [reads('b')])];
    expect(names({ nodes }, ['id-a', 'id-c'])).toEqual([['a', 'b'], ['c']]);
  });

  test('finds inputs by name or by id, in any order of the description', () => {
    const nodes = [operator('b', [reads('id-a')]), operator('a', [])];
    expect(names({ nodes })).toEqual([['a', 'b']]);
  });

  test('draws one line for one exchange and names a side output', () => {
    const nodes = [
      operator('a', []),
      operator('b', [reads('a', 'hash')]),
      operator('late', [reads('b', 'rebalance', 'late')]),
    ];
    const { links } = taskGraph({ nodes }, new Set());
    expect(links).toEqual([
      { from: 'id-a', to: 'id-b', exchange: 'hash', output: undefined },
      { from: 'id-b', to: 'id-late', exchange: 'rebalance', output: 'late' },
    ]);
  });

  test('is laid out along its direction without cards that overlap', () => {
    const nodes = [
      operator('a', []),
      operator('b', [reads('a', 'hash')]),
      operator('c', [reads('a', 'hash')]),
    ];
    const graph = taskGraph({ nodes }, new Set());
    const [a, b, c] = placeCards(graph, 'right');
    if (a === undefined || b === undefined || c === undefined) throw new Error('A card is missing');
    expect(b.x).toBeGreaterThan(a.x);
    expect(Math.abs(b.y - c.y)).toBeGreaterThanOrEqual(b.height);
    const [top, below] = placeCards(graph, 'down');
    expect(below?.y).toBeGreaterThan(top?.y ?? Infinity);
  });
});
