/** YAML as a second form of documents that people write: deployments, defaults and targets. */
import { parse, stringify } from 'yaml';
import type { Route } from '#contract/api/route.ts';
import { Problem } from '#contract/problems.ts';

export const YAML = 'application/yaml';

const TAGS: ReadonlySet<string> = new Set(['Deployments', 'Revisions', 'Defaults', 'Targets']);

/** Whether a route takes and answers YAML beside JSON. */
export function speaksYaml({ tag }: Route): boolean {
  return TAGS.has(tag);
}

/** The document of a text. Aliases are few by rule: ten of ten of ten are a thousand copies of a text. */
export function fromYaml(text: string): unknown {
  try {
    return parse(text, { schema: 'core', maxAliasCount: 20, merge: false, uniqueKeys: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('invalid-json', `Cannot read the body as YAML: ${reason}`, { cause });
  }
}

/** The text of an answer. */
export function toYaml(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false });
}
