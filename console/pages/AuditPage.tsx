import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { AuditRecord } from '#contract/resources/audit-record.ts';
import { namespace } from '../api/namespace.ts';
import { useList } from '../api/use-list.ts';
import { Actor } from '../components/Actor.tsx';
import { MoreButton } from '../components/MoreButton.tsx';
import { paths } from '../components/paths.ts';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { shortId } from '../components/short-id.ts';
import { Moment } from '../ui/Age.tsx';
import { Go } from '../ui/Go.tsx';

/** Who asked for what in the namespace, and what came of it. */
export function AuditPage() {
  const list = useList('listNamespaceAudit', { params: { namespace } });
  return (
    <SpaceBetween size="m">
      {list.error === null ? null : <ProblemAlert error={list.error} />}
      <Table
        variant="full-page"
        contentDensity="compact"
        items={list.items}
        loading={list.isPending}
        loadingText="Reading the audit"
        trackBy="id"
        columnDefinitions={columns}
        ariaLabels={{ tableLabel: 'Audit' }}
        header={
          <Header variant="h1" description="Every change that somebody asked for, newest first.">
            Audit
          </Header>
        }
        empty="Nobody has changed anything yet."
        footer={<MoreButton list={list} what="records" />}
      />
    </SpaceBetween>
  );
}

const columns: TableProps.ColumnDefinition<AuditRecord>[] = [
  { id: 'at', header: 'Time', cell: ({ at }) => <Moment at={at} /> },
  { id: 'actor', header: 'By', cell: ({ actor }) => <Actor actor={actor} /> },
  { id: 'operation', header: 'Asked for', isRowHeader: true, cell: ({ operation }) => operation },
  { id: 'resource', header: 'Resource', cell: ({ resource }) => resource },
  { id: 'outcome', header: 'Outcome', cell: (record) => <Outcome record={record} /> },
  {
    id: 'began',
    header: 'Operation',
    cell: ({ operationId }) =>
      operationId === null ? '–' : <Go to={paths.operation(operationId)}>{shortId(operationId)}</Go>,
  },
];

function Outcome({ record: { status, problem } }: { readonly record: AuditRecord }) {
  if (status === null) return <StatusIndicator type="pending">not known</StatusIndicator>;
  if (problem === null) return <StatusIndicator type="success">{status}</StatusIndicator>;
  return (
    <StatusIndicator type="error">
      {status} {problem}
    </StatusIndicator>
  );
}
