/** Reads what is typed into an editor: YAML, of which JSON is a part. */
import { parseDocument } from 'yaml';
import { isJsonObject } from '#contract/json-object.ts';

type Parsed =
  | { readonly members: Readonly<Record<string, unknown>> | undefined }
  | { readonly fault: string };

/** The members of the one object; undefined of an empty text. */
export function parseMembers(text: string): Parsed {
  if (text.trim() === '') return { members: undefined };
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault !== undefined) return { fault: fault.message.split('\n', 1)[0] ?? 'It cannot be read.' };
  const value: unknown = document.toJS();
  if (isJsonObject(value)) return { members: value };
  return { fault: 'Type members with values, such as "parallelism: 4".' };
}
