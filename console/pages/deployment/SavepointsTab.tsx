import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { lazy, Suspense, useState } from 'react';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { useSavepoints } from '../../api/deployments.ts';
import { line } from '../../components/cli-line.ts';
import { MoreButton } from '../../components/MoreButton.tsx';
import { paths } from '../../components/paths.ts';
import { shortId } from '../../components/short-id.ts';
import { StateWithFailure } from '../../components/StateWithFailure.tsx';
import { Moment } from '../../ui/Age.tsx';
import { CopyText } from '../../ui/CopyText.tsx';
import { Go } from '../../ui/Go.tsx';
import { bytesText } from '../../ui/number-text.ts';
import { Teaching } from '../../ui/Teaching.tsx';
import { usePageDeployment } from './page-deployment.ts';

const Dialog = lazy(async () => ({
  default: (await import('../../forms/SavepointDialog.tsx')).SavepointDialog,
}));

/** The savepoints of a deployment, over all its jobs. */
export function SavepointsTab() {
  const { name } = usePageDeployment();
  const list = useSavepoints(name);
  const [opened, setOpened] = useState<Savepoint>();
  return (
    <>
      <Table
        variant="embedded"
        contentDensity="compact"
        items={list.items}
        loading={list.isPending}
        loadingText="Reading savepoints"
        trackBy="id"
        columnDefinitions={[...columns, actionColumn(setOpened)]}
        ariaLabels={{ tableLabel: 'Savepoints' }}
        header={
          <Header
            variant="h2"
            description="State at one moment, owned by the deployment and kept over jobs and versions."
          >
            Savepoints
          </Header>
        }
        empty={
          <Teaching
            title="No savepoint yet"
            sentence="Suspending takes one; or ask for one while the stream flows on:"
            commands={[line(['savepoint', 'create', name, '--wait'])]}
          />
        }
        footer={<MoreButton list={list} what="savepoints" />}
      />
      {opened === undefined ? null : (
        <Suspense fallback={null}>
          <Dialog savepoint={opened} onClose={() => setOpened(undefined)} />
        </Suspense>
      )}
    </>
  );
}

const columns: TableProps.ColumnDefinition<Savepoint>[] = [
  { id: 'created', header: 'Created', cell: (savepoint) => <Moment at={savepoint.createdAt} /> },
  {
    id: 'id',
    header: 'Savepoint',
    isRowHeader: true,
    cell: (savepoint) => <CopyText text={savepoint.id} short={shortId(savepoint.id)} what="savepoint id" />,
  },
  { id: 'origin', header: 'Origin', cell: (savepoint) => savepoint.origin },
  {
    id: 'state',
    header: 'State',
    cell: (savepoint) => <StateWithFailure state={savepoint.state} failure={savepoint.failure} />,
  },
  {
    id: 'size',
    header: 'Size',
    cell: (savepoint) => <span className="num">{bytesText(savepoint.sizeBytes)}</span>,
  },
  { id: 'version', header: 'Version', cell: (savepoint) => `v${savepoint.version}` },
  {
    id: 'job',
    header: 'Job',
    cell: ({ deployment, jobNumber }) =>
      jobNumber === null ? '–' : <Go to={paths.job(deployment, jobNumber)}>#{jobNumber}</Go>,
  },
  { id: 'description', header: 'Description', cell: (savepoint) => savepoint.description || '–' },
];

function actionColumn(open: (savepoint: Savepoint) => void): TableProps.ColumnDefinition<Savepoint> {
  return {
    id: 'actions',
    header: 'Actions',
    cell: (savepoint) => (
      <Button
        variant="inline-link"
        ariaLabel={`Use or delete savepoint ${shortId(savepoint.id)}`}
        onClick={() => open(savepoint)}
      >
        Use or delete
      </Button>
    ),
  };
}
