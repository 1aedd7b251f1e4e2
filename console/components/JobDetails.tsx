import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { Attempt, Failure, Job } from '#contract/resources/job.ts';
import { deploymentParams } from '../api/deployments.ts';
import { useRead } from '../api/use-read.ts';
import { Moment } from '../ui/Age.tsx';
import { CopyText } from '../ui/CopyText.tsx';
import { JsonView } from '../ui/JsonView.tsx';
import { countText } from '../ui/number-text.ts';
import { useFollow } from '../ui/use-follow.ts';
import { JobFaults } from './JobFaults.tsx';
import { paths } from './paths.ts';
import { ProblemAlert } from './ProblemAlert.tsx';
import { RestoredFrom } from './RestoredFrom.tsx';
import { StateBadge } from './StateBadge.tsx';
import { shortId } from './short-id.ts';

interface JobDetailsProps {
  readonly deployment: string;
  readonly number: number;
}

/** One job: its first fault, its attempts and the spec that it was started with. */
export function JobDetails({ deployment, number }: JobDetailsProps) {
  const follow = useFollow();
  const { data: job, error } = useRead('getJob', {
    params: { ...deploymentParams(deployment).params, job: number },
  });
  if (job === undefined) return error === null ? null : <ProblemAlert error={error} />;
  return (
    <Container
      header={
        <Header
          variant="h2"
          info={<StateBadge state={job.state} />}
          actions={
            <Button
              variant="icon"
              iconName="close"
              ariaLabel="Close the job"
              href={paths.deployment(deployment, 'jobs')}
              onFollow={follow}
            />
          }
        >
          Job #{job.number}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {job.failure === null ? null : <FailureNote failure={job.failure} />}
        <JobFacts job={job} />
        {job.endedAt === null ? <JobFaults deployment={deployment} /> : null}
        <Attempts job={job} />
        <ExpandableSection headerText="Frozen spec">
          <JsonView value={job.spec} label="Spec of the job" />
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  );
}

function JobFacts({ job }: { readonly job: Job }) {
  return (
    <KeyValuePairs
      columns={4}
      items={[
        { label: 'Id', value: <CopyText text={job.id} short={shortId(job.id)} what="job id" /> },
        { label: 'Version', value: `v${job.spec.version}` },
        { label: 'Restored from', value: <RestoredFrom from={job.restoredFrom} /> },
        { label: 'Parallelism', value: String(job.spec.parallelism) },
        { label: 'Started', value: <Moment at={job.startedAt} /> },
        { label: 'Ended', value: <Moment at={job.endedAt} /> },
        { label: 'Records in', value: countText(job.recordsIn) },
        { label: 'Records out', value: countText(job.recordsOut) },
      ]}
    />
  );
}

/** The first fault of a job, kept for ever. */
export function FailureNote({ failure }: { readonly failure: Failure }) {
  return (
    <Alert type="error" header={failure.message}>
      {failure.reason}
      {failure.operator === undefined ? null : (
        <>
          {' '}
          in operator <b>{failure.operator}</b>
        </>
      )}
      , at <Moment at={failure.at} />
      {failure.stack === undefined ? null : (
        <ExpandableSection headerText="Stack">
          <pre className="stack">{failure.stack}</pre>
        </ExpandableSection>
      )}
    </Alert>
  );
}

function Attempts({ job }: { readonly job: Job }) {
  return (
    <Table
      variant="borderless"
      contentDensity="compact"
      wrapLines
      items={job.attempts}
      trackBy={(attempt) => String(attempt.number)}
      header={<Header variant="h3">Attempts</Header>}
      empty="No attempt has begun."
      ariaLabels={{ tableLabel: 'Attempts' }}
      columnDefinitions={attemptColumns}
    />
  );
}

const attemptColumns: TableProps.ColumnDefinition<Attempt>[] = [
  { id: 'number', header: 'Attempt', cell: (attempt) => attempt.number },
  { id: 'epoch', header: 'Epoch', cell: (attempt) => attempt.epoch },
  { id: 'started', header: 'Started', cell: (attempt) => <Moment at={attempt.startedAt} /> },
  { id: 'ended', header: 'Ended', cell: (attempt) => <Moment at={attempt.endedAt} /> },
  { id: 'reason', header: 'Ended because', cell: (attempt) => attempt.reason ?? '–' },
];
