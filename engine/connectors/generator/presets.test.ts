import { describe, expect, test } from 'vitest';
import { recordBatch } from '../../data/record-batch.ts';
import { TestConnectorHost } from '../connector-host.fixture.ts';
import type { Schema } from '../../data/schema.ts';
import type { Source } from '../connector.ts';
import { clicks, sensors, trades, type PresetOptions } from './presets.ts';

type Preset = (options: PresetOptions) => Pick<Source<unknown>, 'reader'> & { readonly schema: Schema };

const presets: readonly (readonly [string, Preset])[] = [
  ['sensors', sensors],
  ['clicks', clicks],
  ['trades', trades],
];

/** The first records of split 0, from a position. */
function recordsOf(source: ReturnType<Preset>, position = '0'): readonly unknown[] {
  const reader = source.reader(new TestConnectorHost(), 0);
  reader.add({ id: '0', position });
  const batch = recordBatch();
  reader.poll(batch);
  return batch.values.slice(0, batch.size);
}

describe.each(presets)('the generator of %s', (_, make) => {
  test('gives records of its schema, the same for the same seed and from any position', () => {
    const records = recordsOf(make({ count: 200 }));
    expect(records.length).toBe(200);
    const { schema } = make({});
    for (const record of records) expect(schema['~standard'].validate(record)).toEqual({ value: record });
    expect(recordsOf(make({ count: 200 }), '150')).toEqual(records.slice(150));
    expect(recordsOf(make({ count: 200, seed: 2 }))).not.toEqual(records);
  });
});
