import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Plan } from '#contract/resources/operation.ts';
import type { Act } from '../api/verb-input.ts';
import { Differences } from '../components/Differences.tsx';
import { RestoredFrom } from '../components/RestoredFrom.tsx';
import { VerdictView } from '../components/VerdictView.tsx';
import { durationText } from '../ui/duration-text.ts';

interface PlanViewProps {
  readonly act: Act;
  readonly plan: Plan | undefined;
  readonly loading: boolean;
}

/** What the platform says it will do, before it does it; what is lost stands beside its acceptance. */
export function PlanView({ act, plan, loading }: PlanViewProps) {
  if (plan === undefined)
    return loading ? <Box color="text-status-inactive">Asking the platform for its plan…</Box> : null;
  return (
    <div className={loading ? 'plan-former' : undefined}>
      <SpaceBetween size="s">
        {plan.warnings.length === 0 ? null : (
          <Alert type="info">
            {plan.warnings.map((sentence) => (
              <div key={sentence}>{sentence}</div>
            ))}
          </Alert>
        )}
        {plan.steps.length === 0 ? null : <PlanFacts act={act} plan={plan} />}
      </SpaceBetween>
    </div>
  );
}

function PlanFacts({ act, plan }: { readonly act: Act; readonly plan: Plan }) {
  const { changes, verdict, restore, expectedPauseMs } = plan;
  return (
    <section aria-label="Plan">
      <Box variant="awsui-key-label">Plan</Box>
      <ol className="plan">
        {plan.steps.map((step) => (
          <li key={step.name}>{step.title}</li>
        ))}
      </ol>
      <SpaceBetween size="xs">
        {restore === null ? null : (
          <Box color="text-body-secondary">
            The job begins with <RestoredFrom from={restore} />.
          </Box>
        )}
        {act === 'fork' && restore === null ? (
          <Box color="text-body-secondary">It begins with a savepoint that is taken now.</Box>
        ) : null}
        {expectedPauseMs === null || expectedPauseMs === undefined ? null : (
          <Box color="text-body-secondary">
            Expect no results for about {durationText(expectedPauseMs)}, judging by earlier ones.
          </Box>
        )}
        {verdict === null || verdict === undefined ? null : <VerdictView verdict={verdict} />}
        {(changes ?? []).length === 0 ? null : (
          <div>
            <Box variant="awsui-key-label">Changes of what the job runs with</Box>
            <Differences changes={changes} label="Changes of the spec" />
          </div>
        )}
      </SpaceBetween>
    </section>
  );
}
