/** Faults of a request in the words of the API: a JSON pointer and what must be. */
import * as z from 'zod';
import { unknownField } from '../control/check-configuration.ts';
import { Problem } from '#contract/problems.ts';
import { faultMessage } from './fault-message.ts';

interface Fault {
  readonly pointer: string;
  readonly message: string;
}

/** Parses a part of a request; throws `invalid-request` with all its faults. */
export function parsePart<T extends z.ZodType>(schema: T, value: unknown, at = ''): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) => faultsOf(issue, schema, at));
  const first = errors[0];
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const where = first === undefined || first.pointer === '' ? 'the body' : first.pointer;
  throw new Problem('invalid-request', `Cannot accept the request: ${where} ${first?.message ?? ''}${more}`, {
    errors,
  });
}

function faultsOf(issue: z.core.$ZodIssue, schema: z.ZodType, at: string): Fault[] {
  const pointer = at + issue.path.map((part) => `/${escape(String(part))}`).join('');
  if (issue.code !== 'unrecognized_keys') return [{ pointer, message: faultMessage(issue) }];
  const known = fieldsAt(schema, issue.path);
  return issue.keys.map((key) => unknownField(key, known, `${pointer}/${escape(key)}`));
}

/** Names of the fields of an object somewhere inside a schema. */
function fieldsAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  const bare = unwrapped(schema);
  if (bare instanceof z.ZodUnion) {
    return [...new Set(bare.options.flatMap((option) => fieldsAt(option, path)))];
  }
  if (!(bare instanceof z.ZodObject)) return [];
  const [step, ...rest] = path;
  return step === undefined ? Object.keys(bare.shape) : fieldsAt(bare.shape[String(step)], rest);
}

function unwrapped(schema: unknown): unknown {
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

function escape(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
