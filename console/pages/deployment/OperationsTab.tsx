import Header from '@cloudscape-design/components/header';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { Operation } from '#contract/resources/operation.ts';
import { useOperations } from '../../api/deployments.ts';
import { Actor } from '../../components/Actor.tsx';
import { line } from '../../components/cli-line.ts';
import { MoreButton } from '../../components/MoreButton.tsx';
import { operationTitle } from '../../components/OperationPanel.tsx';
import { paths } from '../../components/paths.ts';
import { ProgressBadge } from '../../components/StateBadge.tsx';
import { Moment } from '../../ui/Age.tsx';
import { durationText } from '../../ui/duration-text.ts';
import { Go } from '../../ui/Go.tsx';
import { Teaching } from '../../ui/Teaching.tsx';
import { usePageDeployment } from './page-deployment.ts';

/** Every verb that was carried out on a deployment. */
export function OperationsTab() {
  const { name } = usePageDeployment();
  const list = useOperations(name);
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      items={list.items}
      loading={list.isPending}
      loadingText="Reading operations"
      trackBy="id"
      columnDefinitions={columns}
      ariaLabels={{ tableLabel: 'Operations' }}
      header={
        <Header
          variant="h2"
          description="Every verb that was asked for, with its steps. At most one is under way at a time."
        >
          Operations
        </Header>
      }
      empty={
        <Teaching
          title="No operation yet"
          sentence="Every verb becomes one:"
          commands={[line(['deployment', 'start', name, '--wait'])]}
        />
      }
      footer={<MoreButton list={list} what="operations" />}
    />
  );
}

const columns: TableProps.ColumnDefinition<Operation>[] = [
  { id: 'created', header: 'Asked for', cell: (operation) => <Moment at={operation.createdAt} /> },
  {
    id: 'kind',
    header: 'Operation',
    isRowHeader: true,
    cell: (operation) => <Go to={paths.operation(operation.id)}>{operationTitle(operation)}</Go>,
  },
  { id: 'state', header: 'State', cell: (operation) => <ProgressBadge state={operation.state} /> },
  {
    id: 'duration',
    header: 'Duration',
    cell: (operation) => <span className="num">{duration(operation)}</span>,
  },
  { id: 'actor', header: 'By', cell: (operation) => <Actor actor={operation.actor} /> },
  { id: 'problem', header: 'Problem', cell: (operation) => operation.problem?.detail ?? '–' },
];

function duration({ startedAt, endedAt }: Operation): string {
  return startedAt === null || endedAt === null
    ? '–'
    : durationText(Date.parse(endedAt) - Date.parse(startedAt));
}
