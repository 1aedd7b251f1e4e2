import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Plan } from '#contract/resources/operation.ts';
import { verbs, type Verb } from '#contract/verbs.ts';
import { RestoredFrom } from '../components/RestoredFrom.tsx';

interface PlanViewProps {
  readonly verb: Verb;
  readonly plan: Plan | undefined;
  readonly loading: boolean;
}

/** What the platform says it will do, before it does it. */
export function PlanView({ verb, plan, loading }: PlanViewProps) {
  if (plan === undefined)
    return loading ? <Box color="text-status-inactive">Asking the platform for its plan…</Box> : null;
  // The dialog begins with the verb's own sentence.
  const losses = plan.losses.filter((loss) => loss !== verbs[verb].summary);
  return (
    <SpaceBetween size="s">
      {losses.length === 0 ? null : (
        <Alert type="warning" header="State is given up">
          <Sentences sentences={losses} />
        </Alert>
      )}
      {plan.warnings.length === 0 ? null : (
        <Alert type="info">
          <Sentences sentences={plan.warnings} />
        </Alert>
      )}
      <section aria-label="Plan">
        <Box variant="awsui-key-label">Plan</Box>
        <ol className="plan">
          {plan.steps.map((step) => (
            <li key={step.name}>{step.title}</li>
          ))}
        </ol>
        {plan.restore === null ? null : (
          <Box color="text-body-secondary">
            The job begins with <RestoredFrom from={plan.restore} />.
          </Box>
        )}
      </section>
    </SpaceBetween>
  );
}

function Sentences({ sentences }: { readonly sentences: readonly string[] }) {
  return sentences.map((sentence) => <div key={sentence}>{sentence}</div>);
}
