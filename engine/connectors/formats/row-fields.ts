import { dataTypeOf } from '../../data/data-type.ts';
import type { RowField, Schema } from '../../data/schema.ts';

/** The fields of a schema that `t.row` made; formats with columns know no others. */
export function rowFields(schema: Schema | undefined, format: string): readonly RowField[] {
  const type = dataTypeOf(schema);
  if (type?.kind === 'row') return type.fields;
  const given = schema === undefined ? 'none' : (type?.kind ?? `one of ${schema['~standard'].vendor}`);
  throw new Error(
    `Cannot use format ${format} with this schema: it needs the fields of a t.row(…), the schema is ${given}; give the schema of the records`,
  );
}
