import { describe, expect, it } from 'vitest';
import { adjustmentSettings } from './adjustment-settings.ts';

const read = (value: unknown) => adjustmentSettings(value, 'X', 's3://bucket/d');

describe('adjustments of a worker', () => {
  it('are those that it was given, with the folder of its captures', () => {
    const sinks = { a: { mode: 'redirect', options: { stream: 'b' } } };
    expect(read({ everySink: 'capture', sinks, startAtMs: 5 })).toEqual({
      everySink: 'capture',
      sinks,
      startAtMs: 5,
      captures: 's3://bucket/d/captures',
    });
    expect(read(undefined)).toBeUndefined();
  });

  it.each([
    [{}, 'X.everySink'],
    [{ everySink: 'redirect' }, 'X.everySink'],
    [{ everySink: 'keep', sinks: { a: 'keep' } }, 'X.sinks.a'],
    [{ everySink: 'keep', sinks: { a: { mode: 'kept' } } }, 'X.sinks.a.mode'],
    [{ everySink: 'keep', sinks: { a: { mode: 'redirect', options: { n: 1 } } } }, 'X.sinks.a.options.n'],
  ])('are refused when they are %j', (value, field) => {
    expect(() => read(value)).toThrow(field);
  });
});
