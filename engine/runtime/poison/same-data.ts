import { isDecimal } from '../../data/decimal.ts';

/** True for equal plain data, in whatever order objects have their fields. Ends at the first difference. */
export function sameData(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left)) return Array.isArray(right) && sameItems(left, right);
  const [one, other] = [fieldsOf(left), fieldsOf(right)];
  if (one === undefined || other === undefined) return dataText(left) === dataText(right);
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && sameData(one[name], other[name]))
  );
}

/** Plain data as text that is the same for the same data. */
export function dataText(value: unknown): string {
  switch (typeof value) {
    case 'object':
      return value === null ? 'null' : objectText(value);
    case 'bigint':
      return `${value}n`;
    case 'number':
      // JSON has no infinities, and takes -0 for 0.
      return Object.is(value, -0) ? '-0' : String(value);
    case 'string':
      return JSON.stringify(value);
    default:
      return String(value);
  }
}

function sameItems(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => sameData(item, right[index]));
}

/** The fields of an object that is nothing but fields. */
function fieldsOf(value: object): Readonly<Record<string, unknown>> | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  // A plain object is a record of unknown values.
  return prototype === null || prototype === Object.prototype
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

function objectText(value: object): string {
  if (Array.isArray(value)) return `[${value.map((item) => dataText(item)).join()}]`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('base64')}`;
  if (value instanceof Date) return `date ${value.getTime()}`;
  if (value instanceof Set) return `set ${dataText([...value])}`;
  if (value instanceof Map) return `map ${dataText([...value])}`;
  if (isDecimal(value)) return `decimal ${value.toString()}`;
  const fields = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${dataText(field)}`).join()}}`;
}
