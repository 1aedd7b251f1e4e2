import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { DeploymentTarget } from '#contract/resources/deployment-target.ts';
import { useList } from '../api/use-list.ts';
import { MoreButton } from '../components/MoreButton.tsx';
import { paths } from '../components/paths.ts';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { Go } from '../ui/Go.tsx';

/** Where deployments run. */
export function TargetsPage() {
  const list = useList('listTargets', {});
  return (
    <SpaceBetween size="m">
      {list.error === null ? null : <ProblemAlert error={list.error} />}
      <Table
        variant="full-page"
        contentDensity="compact"
        items={list.items}
        loading={list.isPending}
        loadingText="Reading targets"
        trackBy="name"
        columnDefinitions={columns}
        ariaLabels={{ tableLabel: 'Deployment targets' }}
        header={
          <Header variant="h1" description="Region, account, network and capacity for jobs.">
            Targets
          </Header>
        }
        empty="There is no target."
        footer={<MoreButton list={list} what="targets" />}
      />
    </SpaceBetween>
  );
}

const columns: TableProps.ColumnDefinition<DeploymentTarget>[] = [
  {
    id: 'name',
    header: 'Target',
    isRowHeader: true,
    cell: ({ name }) => <Go to={paths.target(name)}>{name}</Go>,
  },
  { id: 'region', header: 'Region', cell: ({ region }) => region ?? 'the platform’s own' },
  {
    id: 'account',
    header: 'Account',
    cell: ({ account }) => account?.roleArn.split(':')[4] ?? 'the platform’s own',
  },
  { id: 'capacity', header: 'Capacity', cell: ({ capacity }) => capacity },
  { id: 'description', header: 'Description', cell: ({ description }) => description || '–' },
];
