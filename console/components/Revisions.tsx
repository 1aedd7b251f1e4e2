import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { lazy, Suspense, useState } from 'react';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { SpecRevision } from '#contract/resources/revision.ts';
import { deploymentParams } from '../api/deployments.ts';
import { useList } from '../api/use-list.ts';
import { Moment } from '../ui/Age.tsx';
import { Go } from '../ui/Go.tsx';
import { Actor } from './Actor.tsx';
import { Differences } from './Differences.tsx';
import { MoreButton } from './MoreButton.tsx';
import { paths } from './paths.ts';
import { RevisionDifference } from './RevisionDifference.tsx';
import { shortId } from './short-id.ts';

const RevertDialog = lazy(async () => ({
  default: (await import('../forms/RevertDialog.tsx')).RevertDialog,
}));

/** What the deployment stated when, and why; two that are chosen are compared. */
export function Revisions({ deployment }: { readonly deployment: Deployment }) {
  const { name, specRevision } = deployment;
  const list = useList('listRevisions', deploymentParams(name));
  const [chosen, setChosen] = useState<readonly SpecRevision[]>([]);
  const [reverting, setReverting] = useState<SpecRevision>();
  const [a, b] = chosen;
  return (
    <>
      <Table
        variant="embedded"
        contentDensity="compact"
        wrapLines
        items={list.items}
        loading={list.isPending}
        loadingText="Reading revisions"
        trackBy={(revision) => String(revision.number)}
        columnDefinitions={[...columns, revertColumn(specRevision, setReverting)]}
        selectionType="multi"
        selectedItems={chosen}
        // Two can be compared: the one that was chosen first goes.
        onSelectionChange={({ detail }) => setChosen(detail.selectedItems.slice(-2))}
        ariaLabels={{
          tableLabel: 'Revisions',
          selectionGroupLabel: 'Revisions to compare',
          allItemsSelectionLabel: () => 'Choose the newest two',
          itemSelectionLabel: (_, revision) => `Revision ${revision.number}`,
        }}
        header={
          <Header variant="h2" description="Every change of what is wanted. Choose two to compare them.">
            Revisions
          </Header>
        }
        empty="No revision yet."
        footer={<MoreButton list={list} what="revisions" />}
      />
      {a === undefined || b === undefined ? null : (
        <RevisionDifference
          deployment={name}
          from={Math.min(a.number, b.number)}
          to={Math.max(a.number, b.number)}
        />
      )}
      {reverting === undefined ? null : (
        <Suspense fallback={null}>
          <RevertDialog
            deployment={deployment}
            revision={reverting.number}
            onClose={() => setReverting(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}

const columns: TableProps.ColumnDefinition<SpecRevision>[] = [
  {
    id: 'number',
    header: 'Revision',
    isRowHeader: true,
    cell: ({ number }) => <span className="num">{number}</span>,
  },
  { id: 'created', header: 'Made', cell: ({ createdAt }) => <Moment at={createdAt} /> },
  { id: 'by', header: 'By', cell: ({ createdBy }) => <Actor actor={createdBy} /> },
  { id: 'reason', header: 'Reason', cell: ({ reason }) => reason || '–' },
  {
    id: 'changes',
    header: 'Changes',
    minWidth: 220,
    cell: ({ changes, number }) =>
      changes.length === 0 ? '–' : <Differences changes={changes} label={`Changes of revision ${number}`} />,
  },
  {
    id: 'operation',
    header: 'Operation',
    cell: ({ operationId }) =>
      operationId === null ? '–' : <Go to={paths.operation(operationId)}>{shortId(operationId)}</Go>,
  },
];

function revertColumn(
  current: number,
  open: (revision: SpecRevision) => void,
): TableProps.ColumnDefinition<SpecRevision> {
  return {
    id: 'revert',
    header: 'Actions',
    cell: (revision) =>
      revision.number === current ? (
        <span className="muted">current</span>
      ) : (
        <Button
          variant="inline-link"
          ariaLabel={`Revert to revision ${revision.number}`}
          onClick={() => open(revision)}
        >
          Revert to it
        </Button>
      ),
  };
}
