/** `label=team:payments`: which labelled things a list shows. */
import { Problem } from '#contract/problems.ts';

/** A filter over labels; `id` is the same for the same filter, whatever the order of its parts. */
export interface LabelMatcher {
  readonly id: string;
  matches(labels: Readonly<Record<string, string>>): boolean;
}

/** All selectors must match. Throws a `Problem` for one without a colon. */
export function labelFilter(selectors: readonly string[]): LabelMatcher {
  const pairs = selectors.map((selector, index): readonly [string, string] => {
    const colon = selector.indexOf(':');
    if (colon > 0) return [selector.slice(0, colon), selector.slice(colon + 1)];
    const message = `Cannot filter by label "${selector}": write it as name:value, such as team:payments`;
    throw new Problem('invalid-request', message, {
      errors: [{ pointer: `/query/label/${index}`, message: 'must be name:value' }],
    });
  });
  return {
    id: [...selectors].sort().join(','),
    matches: (labels) => pairs.every(([name, value]) => labels[name] === value),
  };
}
