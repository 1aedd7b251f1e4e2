type Json = Readonly<Record<string, unknown>>;

/**
 * A JSON document after a merge patch: null removes a member, an object goes into its counterpart, and everything
 * else, arrays included, replaces.
 *
 * Source: RFC 7386.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else define(merged, name, mergePatch(own(target, name), value));
  }
  return merged;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(target: unknown, name: string): unknown {
  return isObject(target) && Object.hasOwn(target, name) ? target[name] : undefined;
}

/** As a member of its own even when it is called `__proto__`, so that a patch never reaches a prototype. */
function define(object: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
