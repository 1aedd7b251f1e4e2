import { DecodeError } from '../../data/decode-error.ts';
import { type JsonConverter, pathText } from '../../data/json-value.ts';
import type { Issue, Schema } from '../../data/schema.ts';

/** Faults of one record that are told; a hostile one can have as many as it has fields. */
const ISSUES_MAX = 5;

/**
 * Takes from a schema of any library what it makes of a value.
 *
 * Errors: a `DecodeError` with the path of every fault; a `TypeError`, which is no fault of the record, where the
 * schema answers with a promise, since the records behind it would have to wait.
 */
export function validatingConverter(schema: Schema): JsonConverter {
  return (value) => {
    const validation = schema['~standard'].validate(value);
    if ('then' in validation) {
      // Its own failure would end the process before this one is told.
      validation.catch(() => {});
      throw new TypeError(
        `Cannot decode a record: its schema (${schema['~standard'].vendor}) validates asynchronously; check what needs waiting in asyncMap, behind the source`,
      );
    }
    if (validation.issues === undefined) {
      return validation.value;
    }
    throw new DecodeError(issuesText(validation.issues));
  };
}

function issuesText(issues: readonly Issue[]): string {
  const texts = issues.slice(0, ISSUES_MAX).map(({ path = [], message }) => {
    const steps = path.map((step) => (typeof step === 'object' ? step.key : step));
    const field = pathText(steps.map((step) => (typeof step === 'number' ? step : String(step))));
    return `${field === '' ? 'the record' : `field "${field}"`}: ${message}`;
  });
  const more = issues.length > ISSUES_MAX ? ` and ${issues.length - ISSUES_MAX} more` : '';
  return texts.length === 0 ? 'the record is not valid' : `${texts.join('; ')}${more}`;
}
