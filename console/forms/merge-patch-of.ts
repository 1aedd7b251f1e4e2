import { isJsonObject } from '#contract/json-object.ts';

type Json = Readonly<Record<string, unknown>>;

/** The merge patch (RFC 7386) that makes one document of another: what is gone becomes null. */
export function mergePatchOf(before: Json, after: Json): Json {
  const patch: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[name], after[name]];
    if (is === undefined) patch[name] = null;
    else if (isJsonObject(was) && isJsonObject(is)) {
      const inner = mergePatchOf(was, is);
      if (Object.keys(inner).length > 0) patch[name] = inner;
    } else if (JSON.stringify(was) !== JSON.stringify(is)) patch[name] = is;
  }
  return patch;
}
