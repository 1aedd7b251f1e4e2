import { describe, expect, it } from 'vitest';
import { generator } from '../connectors/generator/index.ts';
import { t } from '../data/built-in-types.ts';
import { application, type SourceOptions } from './application.ts';
import { boundedOutOfOrderness, monotonous, noWatermarks, punctuated } from './event-time.ts';

const Row = t.row({ at: t.int, last: t.boolean });
type Row = { readonly at: number; readonly last: boolean };
const rows = generator({
  schema: Row,
  record: (at) => ({ at, last: false }),
  time: ({ at }) => at,
  count: 1,
});

function sourceNode(options: SourceOptions<Row>) {
  const program = application('app', {
    build({ source }) {
      source('in', rows, options);
    },
  });
  return program.build({}).nodes[0];
}

describe('the event time of a source', () => {
  it.each([
    [{}, { outOfOrdernessMs: 0 }],
    [{ watermark: '5 seconds' as const }, { outOfOrdernessMs: 5000 }],
    [{ watermark: boundedOutOfOrderness('5 seconds') }, { outOfOrdernessMs: 5000 }],
    [
      { watermark: monotonous(), idle: '1 minute' as const },
      { outOfOrdernessMs: 0, idleAfterMs: 60_000 },
    ],
    [{ watermark: noWatermarks() }, {}],
  ])('is %o as operators have it', (options, strategy) => {
    expect(sourceNode(options)?.definition).toMatchObject({ watermark: strategy });
  });

  it('may come from its records, whose type is known', () => {
    const read = ({ at, last }: Row) => (last ? at : undefined);
    const node = sourceNode({ watermark: punctuated(read) });
    expect(node?.definition).toMatchObject({ watermark: { punctuated: read } });
    expect(node?.description).toMatchObject({ watermark: 'punctuated' });
  });

  it('is aligned with others only where a silent split cannot stop them', () => {
    const align = { group: 'day', maxDrift: '1 hour' } as const;
    expect(sourceNode({ align, idle: '1 minute' })).toMatchObject({
      definition: { align: { group: 'day', maxDriftMs: 3_600_000 } },
      description: { align: 'day', maxDrift: '1 hour' },
    });
    expect(() => sourceNode({ align })).toThrow(
      'Cannot add source "in": it is aligned with group "day" and never idle, so a silent split would stop all sources of the group; give "idle" too, such as "1 minute"',
    );
  });

  it('is refused where it is no time', () => {
    expect(() => sourceNode({ idle: '0 ms' })).toThrow(
      'Cannot use idle timeout of "0 ms": it must be above zero',
    );
    expect(() => sourceNode({ watermark: 'soon' as never })).toThrow('Cannot read duration "soon"');
  });
});
