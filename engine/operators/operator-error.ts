import { type Redacted, redactedText } from './redacted-text.ts';

/** A preview shows at most this many characters of a record. */
export const PREVIEW_LENGTH = 500;

const NAME = 'OperatorError';

/** A record as it came into a chain: by which input of its vertex, and with which event time. */
export interface ChainEntry {
  readonly input: number;
  readonly value: unknown;
  readonly time: number;
}

/** Where in a source a batch of records stood. */
export interface SourcePlace {
  readonly split: string;
  /** Right behind the batch. */
  readonly position: string;
  /** The record's place among those of the batch, from 1. */
  readonly record: number;
  readonly records: number;
}

/** What is known of a function that threw. */
export interface OperatorErrorDetails {
  readonly cause: unknown;
  /** The record in hand, or what there was in its place. */
  readonly record: string;
  readonly key?: string | undefined;
  /** The record itself, where there was one. */
  readonly value?: unknown;
  /** The outside world failed, and not a function of records and state. */
  readonly outside?: boolean;
}

/** A user's function threw: which operator it was, the record it was given, and the key, where there is one. */
export class OperatorError extends Error {
  override readonly name = NAME;
  readonly operator: string;
  readonly record: string;
  readonly key: string | undefined;
  readonly value: unknown;
  readonly outside: boolean;
  /** The record of the chain's input that led here: set by the loop that was at it. */
  entry: ChainEntry | undefined;
  /** Set by the source that read the record. */
  source: SourcePlace | undefined;

  constructor(operator: string, details: OperatorErrorDetails) {
    const reason = details.cause instanceof Error ? details.cause.message : String(details.cause);
    super(`Operator "${operator}" failed: ${reason}`, { cause: details.cause });
    this.operator = operator;
    this.record = details.record;
    this.key = details.key;
    this.value = details.value;
    this.outside = details.outside === true;
  }
}

/** True also for an error of another copy of this module: bundles and threads each have their own. */
export function isOperatorError(error: unknown): error is OperatorError {
  return error instanceof Error && error.name === NAME;
}

/** A record as text for people: JSON where it can be, cut at {@link PREVIEW_LENGTH} characters. */
export function previewRecord(value: unknown): string {
  return redactedPreview(value, []).text;
}

/** The same without the values of the fields of these names, which it gives apart. */
export function redactedPreview(value: unknown, fields: readonly string[]): Redacted {
  const { text, hidden } = redactedText(value, fields);
  return { text: text.length > PREVIEW_LENGTH ? `${text.slice(0, PREVIEW_LENGTH - 1)}…` : text, hidden };
}
