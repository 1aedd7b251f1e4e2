/** What a value is, for messages: `null`, `a function`, `an array`, `an instance of Payment`. */
export function kindText(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  if (Array.isArray(value)) {
    return 'an array';
  }
  if (typeof value === 'object') {
    return isPlain(value) ? 'an object' : `an instance of ${className(value)}`;
  }
  return `a ${typeof value}`;
}

/** True for objects that are nothing but their fields: literals, those of `JSON.parse`, and those without a prototype. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // The last test is for literals of another realm, whose `Object` is not this one.
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

function className(value: object): string {
  const { constructor } = value;
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'a class';
}
