/**
 * From the schema of a whole document, the one of what a single level says of it: every member may be absent.
 *
 * Derived, so that what is refused at a level is what the whole document would refuse, with the same pointers.
 */
import * as z from 'zod';

/** What a level may say of `T`: parts of it, and null for "as if no level below had said anything". */
export type Stated<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [Member in keyof T]?: Stated<T[Member]> | null | undefined }
    : T;

const derived = new Map<z.core.$ZodType, z.ZodType>();

/**
 * Members of objects become optional and may be null; records and what is inside follow. A choice between forms
 * (a discriminated union) is stated as a whole, because members of one form mean nothing in another; what has a
 * default there may still be left out. Defaults are dropped, so that parsing adds nothing that was not said.
 */
export function statedSchema(schema: z.core.$ZodType): z.ZodType {
  const bare = bareSchema(schema);
  const known = derived.get(bare);
  if (known !== undefined) return known;
  const made = named(bare, stated(bare));
  derived.set(bare, made);
  return made;
}

function stated(schema: z.core.$ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    return z.strictObject(statedMembers(schema.shape));
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const options = schema.options.map((option) => wholeForm(option));
    // Objects with the discriminator, as they were before.
    return z.discriminatedUnion(
      schema.def.discriminator,
      options as unknown as [z.ZodObject, ...z.ZodObject[]],
    );
  }
  if (schema instanceof z.ZodRecord) {
    const { keyType, valueType } = schema.def;
    if (valueType instanceof z.ZodUnknown) return asType(schema);
    return z.record(keyType, statedSchema(valueType).nullable());
  }
  return asType(schema);
}

/** The members of an object as a level states them. */
export function statedMembers(shape: Readonly<Record<string, z.core.$ZodType>>): Record<string, z.ZodType> {
  return Object.fromEntries(
    Object.entries(shape).map(([name, member]) => [name, statedSchema(member).nullable().optional()]),
  );
}

/** One form of a choice: what has a default may be absent, all else must be said. */
function wholeForm(form: z.core.$ZodType): z.ZodType {
  if (!(form instanceof z.ZodObject)) return asType(form);
  const members = Object.entries(form.shape).map(([name, member]) => {
    const hasDefault = member instanceof z.ZodDefault || member instanceof z.ZodPrefault;
    return [name, hasDefault ? wholeForm(bareSchema(member)).optional() : member] as const;
  });
  return z.strictObject(Object.fromEntries(members));
}

/** Without what says that a value may be absent. */
export function bareSchema(schema: z.core.$ZodType): z.core.$ZodType {
  let bare = schema;
  while (
    bare instanceof z.ZodOptional ||
    bare instanceof z.ZodNullable ||
    bare instanceof z.ZodDefault ||
    bare instanceof z.ZodPrefault
  ) {
    bare = bare.unwrap();
  }
  return bare;
}

/** A named part of the document has a name here as well; leaves stay what they are. */
function named(from: z.core.$ZodType, made: z.ZodType): z.ZodType {
  const id = z.globalRegistry.get(asType(from))?.id;
  return id === undefined || made === from ? made : made.meta({ id: `Stated${id}` });
}

function asType(schema: z.core.$ZodType): z.ZodType {
  return schema as z.ZodType; // Every schema of the contract is made by zod's own classes.
}
