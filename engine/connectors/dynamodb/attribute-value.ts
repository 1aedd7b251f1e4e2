import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** A value in DynamoDB's notation. Members that are undefined are left out, a Map becomes a map. */
export function attributeValue(value: unknown, path: string): AttributeValue {
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

function objectValue(value: object | null, path: string): AttributeValue {
  if (value === null) {
    return { NULL: true };
  }
  if (value instanceof Uint8Array) {
    return { B: value };
  }
  if (Array.isArray(value)) {
    return { L: value.map((item, index) => attributeValue(item, `${path}[${index}]`)) };
  }
  return { M: attributes(value, path) };
}

function refuse(path: string, reason: string): never {
  throw new TypeError(`Cannot write attribute "${path}": ${reason}`);
}
