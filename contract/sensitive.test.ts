import { expect, test } from 'vitest';
import * as z from 'zod';
import { sensitive, withoutSecrets } from './sensitive.ts';

test('a marked field is replaced wherever it stands', () => {
  const schema = z.object({
    value: sensitive(z.string()).optional(),
    many: z.array(z.object({ key: sensitive(z.string()), id: z.string() })),
    byName: z.record(z.string(), z.object({ pin: sensitive(z.int()).default(0) })),
    either: z.union([z.object({ a: z.string() }), z.object({ b: sensitive(z.string()) })]),
  });
  const body = {
    value: 'x',
    many: [{ key: 'x', id: '1' }],
    byName: { one: { pin: 42 } },
    either: { b: 'x' },
    extra: 'stays',
  };
  expect(withoutSecrets(schema, body)).toEqual({
    value: '***',
    many: [{ key: '***', id: '1' }],
    byName: { one: { pin: '***' } },
    either: { b: '***' },
    extra: 'stays',
  });
});

test('a whole body may be a secret, and what is inside of one is not looked at', () => {
  expect(withoutSecrets(sensitive(z.object({ a: z.string() })), { a: 'x' })).toBe('***');
});

test('what has no schema is told by its name', () => {
  const body = {
    deep: [{ dbPassword: 'x', 'api-key': 'x', clientSecret: 'x', authToken: 'x', tokens: 3, user: 'u' }],
  };
  expect(withoutSecrets(z.unknown(), body)).toEqual({
    deep: [
      { dbPassword: '***', 'api-key': '***', clientSecret: '***', authToken: '***', tokens: 3, user: 'u' },
    ],
  });
});

test('plain values stay as they are', () => {
  for (const value of [null, 1, 'text', true, undefined, []]) {
    expect(withoutSecrets(z.unknown(), value)).toEqual(value);
  }
});
