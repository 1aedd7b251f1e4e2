import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { Application } from '#contract/resources/application.ts';
import { namespace } from '../api/namespace.ts';
import { useList } from '../api/use-list.ts';
import { line } from '../components/cli-line.ts';
import { MoreButton } from '../components/MoreButton.tsx';
import { paths } from '../components/paths.ts';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { Moment } from '../ui/Age.tsx';
import { Go } from '../ui/Go.tsx';
import { Teaching } from '../ui/Teaching.tsx';

export function ApplicationsPage() {
  const list = useList('listApplications', { params: { namespace } });
  return (
    <SpaceBetween size="m">
      {list.error === null || list.items.length > 0 ? null : <ProblemAlert error={list.error} />}
      <Table
        variant="full-page"
        contentDensity="compact"
        items={list.items}
        loading={list.isPending}
        loadingText="Reading applications"
        trackBy="name"
        columnDefinitions={columns}
        ariaLabels={{ tableLabel: 'Applications' }}
        header={
          <Header
            variant="h1"
            counter={list.isPending ? '' : `(${list.items.length})`}
            description="What was written, under one name through all its versions."
          >
            Applications
          </Header>
        }
        empty={
          <Teaching
            title="No applications yet"
            sentence="Write one in TypeScript, then push it; pushing registers an immutable version:"
            commands={[
              line(['application', 'push', 'examples/payments-dashboard/application.ts']),
              line(['application', 'list']),
            ]}
          />
        }
        footer={<MoreButton list={list} what="applications" />}
      />
    </SpaceBetween>
  );
}

const columns: TableProps.ColumnDefinition<Application>[] = [
  {
    id: 'name',
    header: 'Application',
    isRowHeader: true,
    cell: (application) => <Go to={paths.application(application.name)}>{application.name}</Go>,
  },
  { id: 'description', header: 'Description', cell: (application) => application.description || '–' },
  {
    id: 'latest',
    header: 'Latest version',
    cell: ({ latestVersion }) => (latestVersion === null ? 'none pushed yet' : `v${latestVersion}`),
  },
  { id: 'created', header: 'Created', cell: (application) => <Moment at={application.createdAt} /> },
];
