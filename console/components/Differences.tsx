import type { Difference } from '#contract/resources/difference.ts';

interface DifferencesProps {
  readonly changes: readonly Difference[];
  readonly label: string;
}

/** What differs between two documents, one line a place. */
export function Differences({ changes, label }: DifferencesProps) {
  return (
    <ul className="differences" aria-label={label}>
      {changes.map(({ pointer, before, after }) => (
        <li key={pointer}>
          <code>{pointer.slice(1).replaceAll('/', '.')}</code>{' '}
          <span className="muted">{valueText(before)}</span> <span aria-label="becomes">→</span>{' '}
          <b>{valueText(after)}</b>
        </li>
      ))}
    </ul>
  );
}

/** A value in one line; nothing for a side that does not have it. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
