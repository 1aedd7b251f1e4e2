/** Reads members of a request's JSON with the refusal that AWS would give. */
import { AwsError } from './services/service.ts';
import type { OperationInput } from './services/service.ts';

/** A record of unknown members; what `JSON.parse` gives for an object. */
export type JsonObject = Record<string, unknown>;

/** Whether a value is a JSON object rather than an array, null or a scalar. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that must be there and be text. */
export function text(input: OperationInput, member: string): string {
  const value = input[member];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsError(400, 'ValidationException', `Member "${member}" must be a string that is not empty`);
}

/** A member that may be absent, and else must be text. */
export function optionalText(input: OperationInput, member: string): string | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new AwsError(400, 'ValidationException', `Member "${member}" must be a string`);
}

/** A member that may be absent, and else must be a number. */
export function optionalNumber(input: OperationInput, member: string): number | undefined {
  const value = input[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value;
  throw new AwsError(400, 'ValidationException', `Member "${member}" must be a number`);
}

/** A member that is a list of text; absent counts as empty. */
export function texts(input: OperationInput, member: string): string[] {
  return list(input, member).filter((value) => typeof value === 'string');
}

/** A member that is a list of objects; absent counts as empty. */
export function objects(input: OperationInput, member: string): JsonObject[] {
  return list(input, member).filter(isObject);
}

/** A member that is an object; absent counts as empty. */
export function object(input: OperationInput, member: string): JsonObject {
  const value = input[member];
  return isObject(value) ? value : {};
}

function list(input: OperationInput, member: string): unknown[] {
  const value = input[member];
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new AwsError(400, 'ValidationException', `Member "${member}" must be a list`);
}
