import { expect, test } from 'vitest';
import { z } from 'zod';
import { recordBatch } from '../../data/record-batch.ts';
import type { Schema } from '../../data/schema.ts';
import { application } from '../../stream/application.ts';
import { stubSink } from '../../testing/stub-connectors.ts';
import { kinesis } from '../kinesis/index.ts';
import { jsonDecoder } from './json.ts';

const Payment = z.object({
  id: z.string().min(1),
  amount: z.coerce.number(),
  at: z.iso.datetime().transform((text) => Date.parse(text)),
  items: z.array(z.object({ sku: z.string() })).default([]),
});

function decode(schema: Schema, ...texts: readonly string[]) {
  const batch = recordBatch();
  const payloads = texts.map((text) => Buffer.from(text));
  const faults = jsonDecoder(schema).decode(payloads, 0, payloads.length, batch);
  return { values: batch.values.slice(0, batch.size), faults };
}

test('a record is what the schema of another library makes of it', () => {
  const text = '{"id":"a","amount":"1.5","at":"1970-01-01T00:00:01Z","unknown":1}';
  expect(decode(Payment, text)).toEqual({
    values: [{ id: 'a', amount: 1.5, at: 1000, items: [] }],
    faults: [],
  });
});

test('what the schema refuses is undecodable, with the path of every fault', () => {
  const text = '{"id":"","amount":1,"at":"1970-01-01T00:00:01Z","items":[{"sku":"a"},{"sku":7}]}';
  const { values, faults } = decode(Payment, text, text.replace('"id":""', '"id":"b"'), 'x');
  expect(values).toEqual([]);
  expect(faults).toEqual([
    { index: 0, reason: expect.stringMatching(/^field "id": .+; field "items\[1\]\.sku": .+$/) },
    { index: 1, reason: expect.stringMatching(/^field "items\[1\]\.sku": .+$/) },
    { index: 2, reason: expect.stringContaining('is not JSON') },
  ]);
});

test('a schema that has to wait is refused with the remedy', () => {
  const slow = z.object({ id: z.string().refine(() => Promise.resolve(false)) });
  expect(() => decode(slow, '{"id":"a"}')).toThrow(
    'Cannot decode a record: its schema (zod) validates asynchronously; check what needs waiting in asyncMap, behind the source',
  );
});

test('a program sees the type that comes out of the schema', () => {
  const program = application('payments', {
    build({ source }) {
      const payments = source('payments', kinesis({ stream: 's', schema: Payment, time: (p) => p.at }));
      payments.map((p) => p.at.toFixed() + p.items.length.toFixed()).to(stubSink('a'));
      // @ts-expect-error no such field
      payments.map((p) => p.amounts).to(stubSink('b'));
      // @ts-expect-error the schema makes a number of the text
      payments.keyBy((p) => p.at.toLowerCase());
      // @ts-expect-error event time is a number
      kinesis({ stream: 's', schema: Payment, time: (p) => p.id });
    },
  });
  expect(program.build({}).nodes[0]?.schema).toBe(Payment);
});
