import type { Difference } from '#contract/resources/difference.ts';
import type { View } from './view.ts';

/** Differences as a table: where, what stood there, what stands there. */
export function differencesView(changes: readonly Difference[]): View {
  const shown = (value: unknown): string => (value === undefined ? '-' : JSON.stringify(value));
  const rows = changes.map(({ pointer, before, after }) => [pointer || '/', shown(before), shown(after)]);
  return { kind: 'table', columns: ['value', 'before', 'after'], rows, empty: 'There is no difference.' };
}
