import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { Compatibility, Verdict } from '#contract/resources/verdict.ts';

const looks: Readonly<Record<Compatibility, readonly [StatusIndicatorProps.Type, string]>> = {
  compatible: ['success', 'The new program can begin from this state.'],
  'compatible-after-migration': ['success', 'The new program can begin from this state after a migration.'],
  incompatible: ['error', 'The new program cannot begin from this state.'],
  unknown: ['info', 'Nobody can say whether the new program can begin from this state.'],
};

/** Whether a program can begin from a state, and what of it needs attention. */
export function VerdictView({ verdict }: { readonly verdict: Verdict }) {
  const [type, sentence] = looks[verdict.compatibility];
  const notable = verdict.states.filter(({ compatibility }) => compatibility !== 'compatible');
  return (
    <div data-testid="verdict">
      <StatusIndicator type={type}>{sentence}</StatusIndicator>
      <ul className="differences">
        {notable.map(({ operator, state, compatibility, reason, remedy }) => (
          <li key={`${operator}/${state ?? ''}`}>
            <code>{state === null ? operator : `${operator} · ${state}`}</code>{' '}
            <StatusIndicator type={looks[compatibility][0]}>{reason}</StatusIndicator>{' '}
            {remedy === null ? null : <span className="muted">{remedy}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
