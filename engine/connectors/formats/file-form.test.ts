import { parquetReadObjects, parquetSchema, parquetMetadataAsync } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { t } from '../../data/built-in-types.ts';
import { Decimal } from '../../data/decimal.ts';
import { AvroReader } from './avro-bytes.ts';
import { avroCodec } from './avro-codec.ts';
import { avro } from './avro.ts';
import type { FileForm } from './file-form.ts';
import { parquet } from './parquet.ts';

const Sale = t.row({
  id: t.string,
  note: t.nullable(t.string),
  paid: t.boolean,
  count: t.int,
  serial: t.bigint,
  amount: t.double,
  price: t.decimal(30, 2),
  at: t.instant,
  day: t.date,
  token: t.bytes,
  tags: t.array(t.string),
});

function saleOf(index: number) {
  return {
    id: `sale ${index}`,
    note: index % 3 === 0 ? null : `note ${index % 7}`,
    paid: index % 2 === 0,
    count: index,
    serial: BigInt(index) - 2n ** 62n,
    amount: index / 8,
    price: Decimal.ofUnscaled(BigInt(index) * 10n ** 20n - 7n, 2),
    at: 1_700_000_000_000 + index,
    day: index - 5,
    token: Uint8Array.of(index & 255, 0),
    tags: [`tag ${index}`],
  };
}
type Sale = ReturnType<typeof saleOf>;

/** The file of so many sales, taken in pieces of so many. */
async function fileOf(form: FileForm<Sale>, count: number, piece: number): Promise<Buffer> {
  const encoder = form.encoder();
  const parts: Uint8Array[] = [];
  for (let index = 0; index < count; index += 1) {
    encoder.add(saleOf(index));
    if (index % piece === piece - 1) {
      parts.push(encoder.take());
      // What the encoder loads may come in the middle of a file.
      await new Promise(setImmediate);
    }
  }
  parts.push(await encoder.end());
  return Buffer.concat(parts);
}

describe('a file of Parquet', () => {
  test.each([
    [1, 1000],
    [1000, 64],
    [50_000, 7000],
  ])('of %i records gives back every one, taken in pieces of %i', async (count, piece) => {
    const bytes = await fileOf(parquet().form(Sale), count, piece);
    const file = Uint8Array.from(bytes).buffer;
    const rows = await parquetReadObjects({ file, utf8: false });
    expect(rows.length).toBe(count);
    for (const index of [0, 1, Math.floor(count / 2), count - 1].filter((each) => each < count)) {
      const { price, at, day, tags, ...same } = saleOf(index);
      expect(rows[index]).toEqual({
        ...same,
        count: BigInt(same.count),
        // The reader gives decimals as doubles.
        price: expect.closeTo(price.toNumber(), -8) as number,
        at: new Date(at),
        day: new Date(day * 86_400_000),
        tags: JSON.stringify(tags),
      });
    }
  });

  test('says what its columns are', async () => {
    const file = Uint8Array.from(await fileOf(parquet().form(Sale), 3, 2)).buffer;
    const { children } = parquetSchema(await parquetMetadataAsync(file));
    const columns = children.map(
      ({ element }) => `${element.name} ${element.repetition_type} ${element.type}`,
    );
    expect(columns.slice(0, 4)).toEqual([
      'id REQUIRED BYTE_ARRAY',
      'note OPTIONAL BYTE_ARRAY',
      'paid REQUIRED BOOLEAN',
      'count REQUIRED INT64',
    ]);
  });

  test('refuses records without fields', () => {
    expect(() => parquet().form(t.string)).toThrow('Cannot use format parquet');
  });
});

describe('a container of Avro', () => {
  test('gives back every record, taken in pieces', async () => {
    const bytes = await fileOf(avro().form(Sale), 100, 7);
    const { schema, records } = readContainer(bytes);
    expect(schema).toMatchObject({ type: 'record', name: 'Record' });
    expect(records).toEqual(Array.from({ length: 100 }, (_, index) => saleOf(index)));
  });

  test('refuses names that Avro does not have', () => {
    expect(() =>
      avro()
        .form(t.row({ 'a b': t.int }))
        .encoder(),
    ).toThrow('rename it before the sink');
  });
});

/** As the specification of Avro has it: header, then blocks of a count, a size, the records and the sync mark. */
function readContainer(bytes: Buffer): { readonly schema: unknown; readonly records: readonly unknown[] } {
  expect(bytes.subarray(0, 4).toString('latin1')).toBe('Obj\u0001');
  const from = new AvroReader(bytes.subarray(4));
  const meta = avroCodec(t.map(t.string, t.string).type).read(from) as ReadonlyMap<string, string>;
  const sync = fixed(from, 16);
  const records: unknown[] = [];
  while (from.rest > 0) {
    const count = from.int();
    const end = from.int();
    const before = from.rest;
    for (let index = 0; index < count; index += 1) records.push(avroCodec(Sale.type).read(from));
    expect(before - from.rest).toBe(end);
    expect(fixed(from, 16)).toEqual(sync);
  }
  return { schema: JSON.parse(meta.get('avro.schema') ?? 'null'), records };
}

function fixed(from: AvroReader, bytes: number): readonly number[] {
  return Array.from({ length: bytes }, () => from.byte());
}
