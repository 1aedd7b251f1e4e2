import { expect, test } from 'vitest';
import { operatorId } from './operator-id.ts';

test.each([
  ['source-id', 'bd9c186e89cc37a76d776844dfa8ccba'],
  ['mapper-id', 'c9cecfed5cae9d489451c50e442666e3'],
  ['sink', '2e588ce1c86a9d46e2e85186773ce4fd'],
])('operator "%s" has the id that Flink gives this uid', (name, id) => {
  expect(operatorId(name)).toBe(id);
});

test('names around the length of a block have ids of their own', () => {
  const ids = Array.from({ length: 40 }, (_, length) => operatorId('x'.repeat(length)));
  expect(new Set(ids).size).toBe(40);
  expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
});
