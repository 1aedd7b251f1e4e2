import Box from '@cloudscape-design/components/box';
import { deploymentParams } from '../api/deployments.ts';
import { useRead } from '../api/use-read.ts';
import { Differences } from './Differences.tsx';
import { ProblemAlert } from './ProblemAlert.tsx';

interface RevisionDifferenceProps {
  readonly deployment: string;
  readonly from: number;
  readonly to: number;
}

/** What changed from one revision to another. */
export function RevisionDifference({ deployment, from, to }: RevisionDifferenceProps) {
  const { data, error } = useRead(
    'compareRevisions',
    { params: { ...deploymentParams(deployment).params, revision: from }, query: { with: to } },
    { everyMs: 0 },
  );
  if (error !== null) return <ProblemAlert error={error} />;
  const label = `From revision ${from} to ${to}`;
  return (
    <section aria-label={label}>
      <Box variant="awsui-key-label">{label}</Box>
      {data === undefined ? null : <Outcome changes={data.changes} label={`${label}: changes`} />}
    </section>
  );
}

function Outcome(props: Parameters<typeof Differences>[0]) {
  return props.changes.length === 0 ? <>They state the same.</> : <Differences {...props} />;
}
