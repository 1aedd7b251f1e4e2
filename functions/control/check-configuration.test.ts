import { expect, test } from 'vitest';
import { checkConfiguration } from './check-configuration.ts';

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['stream'],
  properties: {
    stream: { type: 'string', minLength: 1 },
    rate: { type: 'integer', minimum: 1, maximum: 10 },
    share: { type: ['number', 'null'] },
    mode: { enum: ['fast', 'exact'] },
    tables: { type: 'array', items: { type: 'string' } },
    nested: { type: 'object', properties: { 'a/b': { type: 'boolean' } }, additionalProperties: false },
  },
};
const faults = (configuration: unknown) => checkConfiguration(configuration, schema, '');

test('a configuration that fits has no faults', () => {
  const nested = { 'a/b': true };
  expect(faults({ stream: 's', rate: 3, share: null, mode: 'fast', tables: ['a'], nested })).toEqual([]);
});

test.each([
  [{}, '/stream', 'is required'],
  [{ stream: 1 }, '/stream', 'must be string, not number'],
  [{ stream: '' }, '/stream', 'must have at least 1 characters'],
  [{ stream: 's', rate: 1.5 }, '/rate', 'must be integer, not number'],
  [{ stream: 's', rate: 0 }, '/rate', 'must be at least 1'],
  [{ stream: 's', rate: 11 }, '/rate', 'must be at most 10'],
  [{ stream: 's', share: 'x' }, '/share', 'must be number or null, not string'],
  [{ stream: 's', mode: 'slow' }, '/mode', 'must be one of "fast", "exact"'],
  [{ stream: 's', tables: ['a', 2] }, '/tables/1', 'must be string, not number'],
  [{ stream: 's', nested: { 'a/b': 1 } }, '/nested/a~1b', 'must be boolean, not number'],
  [{ stream: 's', raet: 1 }, '/raet', 'unknown field "raet"; did you mean "rate"?'],
  [{ stream: 's', nested: { x: 1 } }, '/nested/x', 'unknown field "x"; known are a/b'],
])('%j is faulty at %s', (configuration, pointer, message) => {
  expect(faults(configuration)).toEqual([{ pointer, message }]);
});

test('an application without a schema takes no configuration', () => {
  expect(checkConfiguration({}, null)).toEqual([]);
  expect(checkConfiguration({ a: 1 }, null)).toHaveLength(1);
});

test('a configuration that is no object is refused, and members of prototypes are unknown fields', () => {
  expect(faults([])).toHaveLength(1);
  expect(faults(JSON.parse('{ "stream": "s", "constructor": 1 }'))).toHaveLength(1);
});
