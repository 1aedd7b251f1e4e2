import { describe, expect, it } from 'vitest';
import { dynamoDb } from '../connectors/dynamodb/index.ts';
import { generator } from '../connectors/generator/index.ts';
import { kinesis, kinesisSink } from '../connectors/kinesis/index.ts';
import { t } from '../data/built-in-types.ts';
import { describeGraph } from '../graph/describe-graph.ts';
import { graphHash } from '../graph/graph-hash.ts';
import { application } from '../stream/application.ts';
import { adjustedGraph } from './adjusted-graph.ts';
import type { Adjustments } from './adjustments.ts';

const Click = t.row({ page: t.string });

const clicks = application('clicks', {
  hide: ['page'],
  build({ source }) {
    const stream = source('clicks', kinesis({ stream: 'clicks', schema: Click }));
    stream.to(kinesisSink({ stream: 'pages', partitionKey: (click) => click.page }), 'pages');
    stream.to(dynamoDb({ table: 'totals', key: (click) => ({ page: click.page }) }), 'totals');
  },
}).build({});

const adjustments = (more: Partial<Adjustments>): Adjustments => ({
  everySink: 'keep',
  sinks: {},
  captures: 's3://bucket/checkpoints/d/captures',
  ...more,
});

function endsOf(more: Partial<Adjustments>): Record<string, unknown> {
  const graph = adjustedGraph(clicks, adjustments(more));
  expect(graphHash(describeGraph(graph))).toBe(graphHash(describeGraph(clicks)));
  return Object.fromEntries(
    graph.nodes.flatMap(({ name, definition }): [string, unknown][] => {
      if (definition.kind === 'sink') return [[name, [definition.sink.connector, definition.sink.options]]];
      return definition.kind === 'source' ? [[name, definition.source.options]] : [];
    }),
  );
}

describe('a graph whose ends are adjusted', () => {
  it('writes nowhere but into the folder of captures when every sink is captured', () => {
    expect(endsOf({ everySink: 'capture' })).toMatchObject({
      pages: ['capture', { location: 's3://bucket/checkpoints/d/captures/pages' }],
      totals: ['capture', { location: 's3://bucket/checkpoints/d/captures/totals' }],
    });
  });

  it('keeps, drops and redirects single sinks by their names', () => {
    const sinks: Adjustments['sinks'] = {
      pages: { mode: 'redirect', options: { stream: 'pages-staging' } },
      totals: { mode: 'discard' },
    };
    expect(endsOf({ everySink: 'capture', sinks })).toMatchObject({
      pages: ['kinesis', { stream: 'pages-staging' }],
      totals: ['discard', {}],
    });
  });

  it('reads from a time in the place of the start that the program names', () => {
    expect(endsOf({ startAtMs: 0 })['clicks']).toEqual({
      stream: 'clicks',
      start: '1970-01-01T00:00:00.000Z',
    });
  });

  it.each([
    [{ sinks: { pagse: { mode: 'keep' } } }, 'sink "pagse"'],
    [{ sinks: { pages: { mode: 'redirect', options: { table: 'x' } } } }, 'no option "table"'],
    [{ sinks: { pages: { mode: 'redirect', options: {} } } }, 'option "stream" is missing'],
  ] as const)('is refused with %j', (more, reason) => {
    expect(() => adjustedGraph(clicks, adjustments(more))).toThrow(reason);
  });

  it('is refused when a source cannot begin at a time', () => {
    const made = application('made', {
      build({ source }) {
        source('numbers', generator({ schema: Click, record: (index) => ({ page: `${index}` }) })).to(
          dynamoDb({ table: 'x', key: ({ page }) => ({ page }) }),
          'out',
        );
      },
    }).build({});
    expect(() => adjustedGraph(made, adjustments({ startAtMs: 0 }))).toThrow(
      'the connector of "numbers" is generator',
    );
  });
});
