import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { Deployment } from '#contract/resources/deployment.ts';
import { useJobs } from '../api/deployments.ts';
import { CopyText } from '../ui/CopyText.tsx';
import { Go } from '../ui/Go.tsx';
import { paths } from './paths.ts';
import { RestoredFrom } from './RestoredFrom.tsx';
import { StateBadge } from './StateBadge.tsx';
import { shortId } from './short-id.ts';

/** What is wanted beside what is seen, with the job that serves it. */
export function DeploymentFacts({ deployment }: { readonly deployment: Deployment }) {
  const { spec, status, name } = deployment;
  const job = useJobs(name).items.find((candidate) => candidate.id === status.jobId);
  return (
    <Container fitHeight header={<Header variant="h2">Desired and observed</Header>}>
      <KeyValuePairs
        columns={3}
        minColumnWidth={120}
        items={[
          { label: 'Desired state', value: <StateBadge state={spec.desiredState} /> },
          { label: 'Observed state', value: <StateBadge state={status.state} /> },
          {
            label: 'Job',
            value:
              status.jobNumber === null || status.jobId === null ? (
                'none yet'
              ) : (
                <>
                  <Go to={paths.job(name, status.jobNumber)}>#{status.jobNumber}</Go>{' '}
                  <CopyText text={status.jobId} short={shortId(status.jobId)} what="job id" />
                </>
              ),
          },
          { label: 'Version wanted', value: `v${spec.version}` },
          { label: 'Version of job', value: job === undefined ? '–' : `v${job.spec.version}` },
          {
            label: 'Job began with',
            value: job === undefined ? '–' : <RestoredFrom from={job.restoredFrom} />,
          },
          { label: 'Parallelism', value: `${spec.parallelism} of at most ${spec.maxParallelism}` },
          { label: 'Resources', value: `${spec.resources.cpu} vCPU, ${spec.resources.memoryMb} MB` },
          { label: 'Target', value: spec.target },
        ]}
      />
    </Container>
  );
}
