import { describe, expect, it } from 'vitest';
import { generator } from '../connectors/generator/index.ts';
import { t } from '../data/built-in-types.ts';
import { application } from './application.ts';
import type { AsyncSpec } from './async.ts';

const numbers = generator({ schema: t.int, record: (index) => index, count: 1 });

function asking(spec: Partial<AsyncSpec<number, number, number>>) {
  return application('app', {
    build({ source }) {
      source('in', numbers).asyncMap('ask', { call: (n) => Promise.resolve(n), ...spec });
    },
  }).build({});
}

describe('asyncMap', () => {
  it('keeps waiting records by the schema of its input, and shows how it calls', () => {
    const [, node] = asking({ order: 'unordered', capacity: 7, timeout: '5 seconds' }).nodes;
    expect(node).toMatchObject({
      kind: 'async',
      state: [{ name: 'calls', kind: 'calls', schema: t.int }],
      description: { order: 'unordered', capacity: 7, timeout: '5 seconds' },
    });
  });

  it.each([
    [{ capacity: 0 }, 'Cannot add asyncMap "ask": its capacity is 0; give the number of calls'],
    [
      { order: 'sorted' as never },
      'Cannot add asyncMap "ask": its order is "sorted"; give "ordered" or "unordered"',
    ],
    [{ call: undefined as never }, 'Cannot add asyncMap "ask": its "call" is undefined; give a function'],
    [
      { retry: { attempts: 0, delay: '1 second' } as const },
      'Cannot add asyncMap "ask": its retry has 0 attempts; give how many calls a record may take',
    ],
    [
      { retry: { attempts: 2, delay: '1 second', backoff: 0.5 } as const },
      'Cannot add asyncMap "ask": the backoff of its retry is 0.5; give a factor of at least 1',
    ],
    [{ timeout: '0 ms' as const }, 'Cannot use timeout of "0 ms": it must be above zero'],
  ])('refuses %o with a sentence', (spec, sentence) => {
    expect(() => asking(spec)).toThrow(sentence);
  });
});
