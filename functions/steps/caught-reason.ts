import type { StepInput } from '#contract/workflows.ts';

/** What the state machine caught, as a sentence; undefined when it caught nothing. */
export function caughtReason(error: StepInput['error']): string | undefined {
  if (error === undefined) return undefined;
  const { Error: name = 'an error', Cause: cause = '' } = error;
  return `its workflow caught ${name}${cause === '' ? '' : `: ${messageOf(cause)}`}`;
}

/** Lambda puts the error of a function as JSON into the cause. */
function messageOf(cause: string): string {
  try {
    const parsed: unknown = JSON.parse(cause);
    if (typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed) {
      return String(parsed.errorMessage);
    }
  } catch {
    // Not every cause is JSON; then it is a sentence already.
  }
  return cause.slice(0, 500);
}
