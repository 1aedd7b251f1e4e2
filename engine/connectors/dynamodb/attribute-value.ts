import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Decimal, isDecimal } from '../../data/decimal.ts';
import { isPlain, kindText } from '../../data/value-kind.ts';

/** A value in DynamoDB's notation. Members that are undefined are left out, a Map becomes a map, a decimal a number. */
function attributeValue(value: unknown, path: string): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'boolean':
      return { BOOL: value };
    case 'bigint':
      return { N: String(value) };
    case 'number':
      return numberValue(value, path);
    case 'object':
      return objectValue(value, path);
    default:
      return refuse(path, `a ${typeof value} has no form in DynamoDB`);
  }
}

/** The attributes of an item or of a key. */
export function attributes(item: object, path = ''): Record<string, AttributeValue> {
  const entries: (readonly [string, AttributeValue])[] = [];
  const members = item instanceof Map ? [...item] : Object.entries(item);
  for (const [name, value] of members) {
    if (value !== undefined) {
      const member = String(name);
      entries.push([member, attributeValue(value, path === '' ? member : `${path}.${member}`)]);
    }
  }
  return Object.fromEntries(entries);
}

function numberValue(value: number, path: string): AttributeValue {
  if (!Number.isFinite(value)) {
    return refuse(path, `${value} is no number in DynamoDB; write null or leave the record out`);
  }
  return { N: String(value) };
}

/** Digits of a number; the service refuses more. */
const DIGITS_MAX = 38;

function decimalValue(value: Decimal, path: string): AttributeValue {
  const text = value.toString();
  const digits = String(value.unscaled).replace('-', '').replace(/0+$/, '').length;
  return digits > DIGITS_MAX
    ? refuse(
        path,
        `${text} has ${digits} digits, DynamoDB takes ${DIGITS_MAX}; round it, or write it as text`,
      )
    : { N: text };
}

function objectValue(value: object | null, path: string): AttributeValue {
  if (value === null) {
    return { NULL: true };
  }
  if (value instanceof Uint8Array) {
    return { B: value };
  }
  if (isDecimal(value)) {
    return decimalValue(value, path);
  }
  if (Array.isArray(value)) {
    return { L: value.map((item, index) => attributeValue(item, `${path}[${index}]`)) };
  }
  if (!(value instanceof Map) && !isPlain(value)) {
    return refuse(path, `${kindText(value)} has no form in DynamoDB`);
  }
  return { M: attributes(value, path) };
}

function refuse(path: string, reason: string): never {
  throw new TypeError(`Cannot write attribute "${path}": ${reason}`);
}
