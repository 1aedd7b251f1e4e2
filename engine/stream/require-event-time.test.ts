import { describe, expect, it } from 'vitest';
import { generator } from '../connectors/generator/index.ts';
import { t } from '../data/built-in-types.ts';
import { type Build, application } from './application.ts';
import { count } from './aggregates.ts';
import { countWindow, tumbling } from './windows.ts';

const Row = t.row({ key: t.string, at: t.int });
const untimed = generator({ schema: Row, record: () => ({ key: 'k', at: 1 }), count: 1 });
const timed = { ...untimed, timed: true };

function building(build: (job: Build<unknown>) => void) {
  return () => application('app', { build }).build({});
}

const REFUSED =
  'Cannot add window "w": its records have no event time, since source "in" has none; give the source a "time", or call assignTime before the window';

describe('event time', () => {
  it('is required by windows, however their records come from a source without it', () => {
    const chain = building(({ source }) => {
      source('in', untimed)
        .map((row) => row)
        .asyncMap('call', { call: (row) => Promise.resolve(row) })
        .keyBy(({ key }) => key)
        .window(tumbling('1 minute'))
        .aggregate('w', { n: count() });
    });
    expect(chain).toThrow(REFUSED);
    const united = building(({ source }) => {
      source('other', timed)
        .union(source('in', untimed))
        .keyBy(({ key }) => key)
        .window(tumbling('1 minute'))
        .aggregate('w', { n: count() });
    });
    expect(united).toThrow(REFUSED);
    const kept = building(({ source }) => {
      source('in', untimed)
        .assignTime({ watermark: '1 second' })
        .keyBy(({ key }) => key)
        .window(tumbling('1 minute'))
        .aggregate('w', { n: count() });
    });
    expect(kept).toThrow(REFUSED);
  });

  it('is required of what could not be decoded, too', () => {
    const undecodable = building(({ source }) => {
      source('in', timed)
        .sides.undecodable.keyBy(({ split }) => split)
        .window(tumbling('1 minute'))
        .aggregate('w', { n: count() });
    });
    expect(undecodable).toThrow(REFUSED);
  });

  it('comes from the source, its service, assignTime, or a window before', () => {
    const rest = ({ source }: Build<unknown>) => {
      const readers = [
        source('by-function', { ...untimed, time: (row: { readonly at: number }) => row.at }),
        source('by-service', timed),
        source('untimed', untimed).assignTime({ time: (row) => row.at }),
      ];
      for (const [index, stream] of readers.entries()) {
        stream
          .keyBy(({ key }) => key)
          .window(tumbling('1 minute'))
          .aggregate(`w${index}`, { n: count() });
      }
      source('processing', untimed)
        .keyBy(({ key }) => key)
        .window(tumbling('1 minute', { time: 'processing' }))
        .aggregate('first', { n: count() })
        .keyBy(({ key }) => key)
        .window(tumbling('1 hour'))
        .aggregate('second', { n: count() });
    };
    expect(building(rest)).not.toThrow();
  });

  it('is not asked for by windows that count', () => {
    const counting = building(({ source }) => {
      source('in', untimed)
        .keyBy(({ key }) => key)
        .window(countWindow(3))
        .aggregate('w', { n: count() });
    });
    expect(counting).not.toThrow();
  });
});
