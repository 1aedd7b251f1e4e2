/**
 * An object with these fields, which refuses every other name with a sentence: programs of JavaScript have no compiler
 * to do so. What is declared is found before its prototype is asked, so that this costs nothing.
 */
export function onlyDeclared<T>(
  fields: Readonly<Record<string, T>>,
  refusal: (name: string, declared: string) => string,
): Readonly<Record<string, T>> {
  const declared = Object.keys(fields).join(', ') || 'none';
  const misses = new Proxy(Object.prototype, {
    get(target, name, receiver): unknown {
      // Whoever prints the object asks for symbols and for what every object has.
      if (typeof name === 'symbol' || name in target || name === 'toJSON' || name === 'then') {
        return Reflect.get(target, name, receiver);
      }
      throw new Error(refusal(name, declared));
    },
  });
  return Object.assign(Object.create(misses) as Record<string, T>, fields); // has these fields from now on
}
