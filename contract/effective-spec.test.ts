import { describe, expect, test } from 'vitest';
import { effectiveSpec, isFaulty } from './effective-spec.ts';
import type { SettingLayer } from './effective-spec.ts';
import { DeploymentSpec, StatedSpec } from './resources/deployment.ts';

const named = { application: 'clicks', version: 1 };

function effective(...layers: SettingLayer[]) {
  const result = effectiveSpec(layers);
  if (isFaulty(result)) throw new Error(JSON.stringify(result));
  return result;
}

const own = (settings: Record<string, unknown>): SettingLayer => ({
  level: 'deployment',
  settings: { ...named, ...settings },
});

describe('a spec in effect', () => {
  test('is built in where no level says anything', () => {
    const { spec, origins } = effective(own({}));
    expect(spec).toEqual(DeploymentSpec.parse(named));
    expect(origins).toEqual({ '/application': 'deployment', '/version': 'deployment' });
  });

  test('takes every value from the highest level that says it', () => {
    const levels = ['global', 'namespace', 'target'] as const;
    const layers = levels.map((level, index) => ({ level, settings: { parallelism: index + 2 } }));
    for (let count = 0; count <= levels.length; count++) {
      const { spec, origins } = effective(...layers.slice(0, count), own({}));
      expect(spec.parallelism).toBe(count + 1);
      expect(origins['/parallelism']).toBe(levels[count - 1]);
    }
    const { spec, origins } = effective(...layers, own({ parallelism: 9 }));
    expect([spec.parallelism, origins['/parallelism']]).toEqual([9, 'deployment']);
  });

  test('merges objects member by member, down into the configuration', () => {
    const { spec, origins } = effective(
      {
        level: 'global',
        settings: { resources: { cpu: 2 }, configuration: { index: { shards: 4, name: 'a' } } },
      },
      { level: 'target', settings: { resources: { memoryMb: 4096 } } },
      own({ configuration: { index: { name: 'b' } } }),
    );
    expect(spec.resources).toEqual({ cpu: 2, memoryMb: 4096 });
    expect(spec.configuration).toEqual({ index: { shards: 4, name: 'b' } });
    expect(origins).toMatchObject({
      '/resources/cpu': 'global',
      '/resources/memoryMb': 'target',
      '/configuration/index/shards': 'global',
      '/configuration/index/name': 'deployment',
    });
  });

  test('replaces lists as wholes', () => {
    const daily = [{ every: '1 day', keep: 7 }];
    const { spec, origins } = effective(
      { level: 'global', settings: { savepoints: { schedule: [{ every: '1 hour', keep: 24 }] } } },
      own({ savepoints: { schedule: daily } }),
    );
    expect(spec.savepoints.schedule).toEqual(daily);
    expect(origins['/savepoints/schedule']).toBe('deployment');
  });

  test('replaces a choice between forms as a whole, with what is built into the new form', () => {
    const { spec, origins } = effective(
      { level: 'global', settings: { recovery: { restart: { strategy: 'fixed-delay', attempts: 7 } } } },
      own({ recovery: { restart: { strategy: 'failure-rate', maxFailures: 2 } } }),
    );
    expect(spec.recovery.restart).toEqual({
      strategy: 'failure-rate',
      maxFailures: 2,
      interval: '1 minute',
      delay: '1 second',
    });
    expect(origins['/recovery/restart/strategy']).toBe('deployment');
    expect(origins['/recovery/restart/attempts']).toBeUndefined();
  });

  test('is built in again where a level says null', () => {
    const { spec, origins } = effective(
      { level: 'global', settings: { parallelism: 8, configuration: { a: 1, b: 2 } } },
      own({ parallelism: null, configuration: { a: null } }),
    );
    expect(spec.parallelism).toBe(1);
    expect(spec.configuration).toEqual({ b: 2 });
    expect(origins).not.toHaveProperty('/parallelism');
    expect(origins).not.toHaveProperty('/configuration/a');
  });

  test('is refused with a pointer where the sum of the levels cannot be', () => {
    const result = effectiveSpec([{ level: 'deployment', settings: { application: 'clicks' } }]);
    expect(result).toEqual([{ pointer: '/spec/version', message: expect.any(String) }]);
  });
});

describe('what a level states', () => {
  test('is kept as it was said, without defaults', () => {
    const said = {
      ...named,
      resources: { cpu: 1 },
      recovery: { restart: { strategy: 'fixed-delay' } },
      checkpointing: { minPause: null },
      sinks: { sinks: { alerts: { mode: 'discard' }, audit: null } },
    };
    expect(StatedSpec.parse(said)).toEqual(said);
  });

  test('is refused where the whole spec would refuse it', () => {
    const faults = (spec: Record<string, unknown>) =>
      StatedSpec.safeParse({ ...named, ...spec }).error?.issues.map(({ path }) => path.join('/'));
    expect(faults({ parallelism: 0 })).toEqual(['parallelism']);
    expect(faults({ resources: { cpu: 99 } })).toEqual(['resources/cpu']);
    expect(faults({ resources: { cpus: 1 } })).toEqual(['resources']);
    expect(faults({ recovery: { restart: { strategy: 'none', attempts: 1 } } })).toEqual([
      'recovery/restart',
    ]);
    expect(faults({ upgradeStrategy: { gate: { timeout: 'soon' } } })).toEqual([
      'upgradeStrategy/gate/timeout',
    ]);
  });
});
