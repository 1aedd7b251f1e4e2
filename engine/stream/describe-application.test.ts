import { describe, expect, test } from 'vitest';
import { generator } from '../connectors/generator/index.ts';
import { t } from '../data/built-in-types.ts';
import { application } from './application.ts';
import { describeApplication } from './describe-application.ts';
import { count } from './aggregates.ts';
import { tumbling } from './windows.ts';

const Click = t.row({ page: t.string, at: t.instant });

function clicks(window: '1 minute' | '2 minutes', name = 'per-page') {
  return application('clicks', {
    config: t.row({ site: t.string, limit: t.int }),
    build({ source, config }) {
      source(
        'clicks',
        generator({
          schema: Click,
          count: config.limit,
          record: () => ({ page: config.site, at: 0 }),
          time: (click) => click.at,
        }),
      )
        .keyBy((click) => click.page)
        .window(tumbling(window))
        .aggregate(name, { clicks: count() });
    },
  });
}

describe('the description of an application', () => {
  test('is built from placeholders and names every operator', () => {
    const description = describeApplication(clicks('1 minute'));
    expect(description.name).toBe('clicks');
    expect(description.graph.nodes.map(({ name }) => name)).toEqual(['clicks', 'per-page']);
    expect(description.configurationSchema).toMatchObject({ required: ['site', 'limit'] });
  });

  test('has the same hash whatever the configuration, and another one for another operator', () => {
    const { graphHash } = describeApplication(clicks('1 minute'));
    expect(describeApplication(clicks('1 minute')).graphHash).toBe(graphHash);
    expect(describeApplication(clicks('1 minute', 'per-site')).graphHash).not.toBe(graphHash);
  });

  test('is built with text that dates, decimals and bytes of a configuration can be read from', () => {
    const config = t.row({
      from: t.date,
      limit: t.decimal(10, 2),
      salt: t.bytes,
      until: t.instant,
      each: t.interval,
    });
    const dated = application('dated', {
      config,
      build({ source, config: { from, limit, salt } }) {
        source(
          'days',
          generator({ schema: t.row({ day: t.date }), count: 1, record: () => ({ day: from }) }),
        ).filter(() => limit.toNumber() > salt.length);
      },
    });
    expect(describeApplication(dated).graph.nodes).toHaveLength(2);
  });
});
