/** What stands in the place of a value that nobody is to see. */
export const HIDDEN = '•••';

/** Text without some values, and these values as text. */
export interface Redacted {
  readonly text: string;
  readonly hidden: readonly string[];
}

/** A value as JSON, where at any depth the fields of these names are hidden. */
export function redactedText(value: unknown, fields: readonly string[]): Redacted {
  const hidden: string[] = [];
  const shown = (name: string, field: unknown): unknown => {
    if (fields.includes(name)) {
      hidden.push(typeof field === 'string' ? field : textOf(field, plain));
      return HIDDEN;
    }
    return plain(name, field);
  };
  return { text: textOf(value, shown), hidden };
}

/** Shorter values are in every sentence by chance: a number of one digit is hidden in its field alone. */
const MIN_LENGTH = 3;

/** Takes hidden values out of other text, such as a message that a function made of its record. */
export function withoutHidden(text: string, hidden: readonly string[]): string {
  return hidden
    .filter((value) => value.length >= MIN_LENGTH)
    .reduce((left, value) => left.replaceAll(value, HIDDEN), text);
}

function plain(_: string, field: unknown): unknown {
  return typeof field === 'bigint' ? `${field}n` : field;
}

function textOf(value: unknown, replace: (name: string, field: unknown) => unknown): string {
  try {
    return JSON.stringify(value, replace) ?? String(value);
  } catch {
    // Cyclic or hostile values: a preview must never be the second fault.
    return Object.prototype.toString.call(value);
  }
}
