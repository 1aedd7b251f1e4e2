/** What must be seen by nobody but the one who sent it: marked in the schema, replaced wherever a body is kept. */
import * as z from 'zod';

/** Stands where a secret was. */
export const REPLACEMENT = '***';

/** Marks a field as a secret; `withoutSecrets` replaces whatever is in it. */
export function sensitive<T extends z.ZodType>(schema: T): T {
  // The name stays with the schema that has it: two of one name cannot stand in one document.
  const { id: _, ...rest } = schema.meta() ?? {};
  return schema.meta({ ...rest, 'x-sensitive': true });
}

// Configuration of programs has no schema here; whoever names a field so means a secret.
const TELLING_NAME = /secret|password|passphrase|token$|credential|private.?key|api.?key|authorization/i;

/** A copy of a value in which all fields are replaced that the schema marks, or that have the name of a secret. */
export function withoutSecrets(schema: z.ZodType, value: unknown): unknown {
  if (isMarked(schema)) return REPLACEMENT;
  const inner = unwrapped(schema);
  if (inner !== schema) return withoutSecrets(inner, value);
  if (Array.isArray(value)) {
    const element = schema instanceof z.ZodArray ? (schema.element as z.ZodType) : anything; // Elements are schemas.
    return value.map((item) => withoutSecrets(element, item));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const isTold = TELLING_NAME.test(name) && typeof field === 'string';
      return [name, isTold ? REPLACEMENT : withoutField(schema, name, field)];
    }),
  );
}

const anything: z.ZodType = z.unknown();

function withoutField(schema: z.ZodType, name: string, value: unknown): unknown {
  const fields = fieldsNamed(schema, name);
  if (fields.some((field) => isMarked(field))) return REPLACEMENT;
  return withoutSecrets(fields[0] ?? anything, value);
}

/** Schemas of a field; a union may have several, and what one of them marks is a secret. */
function fieldsNamed(schema: z.ZodType, name: string): z.ZodType[] {
  const bare = unwrapped(schema);
  // zod types what is inside of schemas by their core, and it is schemas.
  if (bare instanceof z.ZodObject) return name in bare.shape ? [bare.shape[name] as z.ZodType] : [];
  if (bare instanceof z.ZodRecord) return [bare.valueType as z.ZodType];
  if (bare instanceof z.ZodUnion) {
    return bare.options.flatMap((option) => fieldsNamed(option as z.ZodType, name));
  }
  return [];
}

function isMarked(schema: z.ZodType): boolean {
  if (schema.meta()?.['x-sensitive'] === true) return true;
  const inner = unwrapped(schema);
  return inner !== schema && isMarked(inner);
}

function unwrapped(schema: z.ZodType): z.ZodType {
  const isWrapper =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  if (isWrapper) return schema.unwrap() as z.ZodType; // As above.
  return schema instanceof z.ZodPipe ? (schema.in as z.ZodType) : schema;
}
