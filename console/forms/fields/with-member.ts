/** An input with a member set, or without it where nothing is filled in: absent and empty are not the same to the API. */
import type { VerbInput } from '../../api/verb-input.ts';

export function withMember<Name extends keyof VerbInput>(
  input: VerbInput,
  name: Name,
  value: VerbInput[Name] | undefined,
): VerbInput {
  const { [name]: _, ...others } = input;
  if (value === undefined || value === '') return others;
  return { ...others, [name]: value };
}
