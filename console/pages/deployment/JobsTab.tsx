import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { useParams } from 'react-router';
import type { Job } from '#contract/resources/job.ts';
import { useJobs } from '../../api/deployments.ts';
import { line } from '../../components/cli-line.ts';
import { JobDetails } from '../../components/JobDetails.tsx';
import { MoreButton } from '../../components/MoreButton.tsx';
import { paths } from '../../components/paths.ts';
import { RestoredFrom } from '../../components/RestoredFrom.tsx';
import { StateWithFailure } from '../../components/StateWithFailure.tsx';
import { Moment } from '../../ui/Age.tsx';
import { durationText } from '../../ui/duration-text.ts';
import { Go } from '../../ui/Go.tsx';
import { countText } from '../../ui/number-text.ts';
import { Teaching } from '../../ui/Teaching.tsx';
import { useNow } from '../../ui/use-now.ts';
import { usePageDeployment } from './page-deployment.ts';

/** The runs of a deployment; one of them closely when the address names it. */
export function JobsTab() {
  const { name } = usePageDeployment();
  const { number } = useParams();
  const list = useJobs(name);
  return (
    <SpaceBetween size="m">
      {number === undefined ? null : <JobDetails deployment={name} number={Number(number)} />}
      <Table
        variant="embedded"
        contentDensity="compact"
        items={list.items}
        loading={list.isPending}
        loadingText="Reading jobs"
        trackBy="id"
        columnDefinitions={columns}
        ariaLabels={{ tableLabel: 'Jobs' }}
        header={
          <Header
            variant="h2"
            description="One run of one frozen spec each; a job never changes once it has begun."
          >
            Jobs
          </Header>
        }
        empty={
          <Teaching
            title="No job yet"
            sentence="Starting the deployment begins the first one:"
            commands={[line(['deployment', 'start', name, '--wait'])]}
          />
        }
        footer={<MoreButton list={list} what="jobs" />}
      />
    </SpaceBetween>
  );
}

const columns: TableProps.ColumnDefinition<Job>[] = [
  {
    id: 'number',
    header: 'Job',
    isRowHeader: true,
    cell: (job) => <Go to={paths.job(job.deployment, job.number)}>#{job.number}</Go>,
  },
  {
    id: 'state',
    header: 'State',
    cell: (job) => <StateWithFailure state={job.state} failure={job.failure} />,
  },
  { id: 'version', header: 'Version', cell: (job) => `v${job.spec.version}` },
  { id: 'from', header: 'Restored from', cell: (job) => <RestoredFrom from={job.restoredFrom} /> },
  { id: 'attempts', header: 'Attempts', cell: (job) => <span className="num">{job.attempts.length}</span> },
  { id: 'started', header: 'Started', cell: (job) => <Moment at={job.startedAt} /> },
  { id: 'ended', header: 'Ended', cell: (job) => <Moment at={job.endedAt} /> },
  { id: 'duration', header: 'Duration', cell: (job) => <JobDuration job={job} /> },
  {
    id: 'records',
    header: 'Records in',
    cell: (job) => <span className="num">{countText(job.recordsIn)}</span>,
  },
];

function JobDuration({ job }: { readonly job: Job }) {
  const now = useNow();
  if (job.startedAt === null) return <>–</>;
  const end = job.endedAt === null ? now : Date.parse(job.endedAt);
  return <span className="num">{durationText(Math.max(0, end - Date.parse(job.startedAt)))}</span>;
}
