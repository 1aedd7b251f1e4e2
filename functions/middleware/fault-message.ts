/** What must be instead, in words that follow the name of a field: "/limit must be at least 1". */
import type * as z from 'zod';

type Issue = z.core.$ZodIssue;

export function faultMessage(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue);
    case 'too_small':
      return `must ${amount('at least', issue.minimum, issue.origin)}`;
    case 'too_big':
      return `must ${amount('at most', issue.maximum, issue.origin)}`;
    case 'invalid_value':
      return (
        withoutPrefix(issue.message) ??
        `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
      );
    case 'invalid_union':
      return unionMessage(issue);
    case 'invalid_format':
      return withoutPrefix(issue.message) ?? `must be a valid ${issue.format}`;
    default:
      return withoutPrefix(issue.message) ?? `is not valid: ${issue.message}`;
  }
}

function wrongType(issue: Issue & { readonly code: 'invalid_type' }): string {
  // The message is the one place where zod tells that a field is missing.
  if (issue.message.endsWith('received undefined')) return 'is required';
  const { expected } = issue;
  const kind = expected === 'int' ? 'whole number' : expected === 'record' ? 'object' : expected;
  return `must be ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
}

function amount(bound: string, limit: number | bigint, origin: string): string {
  if (origin === 'string') return `have ${bound} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  if (origin === 'array' || origin === 'set')
    return `have ${bound} ${limit} ${limit === 1 ? 'item' : 'items'}`;
  return `be ${bound} ${limit}`;
}

function unionMessage(issue: Issue & { readonly code: 'invalid_union' }): string {
  const { options } = issue as { readonly options?: readonly unknown[] }; // Set by discriminated unions only.
  return options === undefined
    ? 'has none of the accepted forms'
    : `must be one of ${options.map(String).join(', ')}`;
}

/** Messages that our own schemas bring begin with what must be; zod's own begin with a capital letter. */
function withoutPrefix(message: string): string | undefined {
  return /^[a-z]/.test(message) ? message : undefined;
}
