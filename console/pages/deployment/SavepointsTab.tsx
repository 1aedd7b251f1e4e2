import Badge from '@cloudscape-design/components/badge';
import Header from '@cloudscape-design/components/header';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import Toggle from '@cloudscape-design/components/toggle';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Savepoint, SavepointOrigin } from '#contract/resources/savepoint.ts';
import { deploymentParams } from '../../api/deployments.ts';
import { useList } from '../../api/use-list.ts';
import { line } from '../../components/cli-line.ts';
import { MoreButton } from '../../components/MoreButton.tsx';
import { paths } from '../../components/paths.ts';
import { SavepointMenu } from '../../components/SavepointMenu.tsx';
import { shortId } from '../../components/short-id.ts';
import { StateWithFailure } from '../../components/StateWithFailure.tsx';
import { Moment } from '../../ui/Age.tsx';
import { CopyText } from '../../ui/CopyText.tsx';
import { Go } from '../../ui/Go.tsx';
import { FilterSelect } from '../../ui/FilterSelect.tsx';
import { bytesText } from '../../ui/number-text.ts';
import { Teaching } from '../../ui/Teaching.tsx';
import { useSearchFilter } from '../../ui/use-search-filter.ts';
import { usePageDeployment } from './page-deployment.ts';

/** Filters that the API takes; the trash is a list of its own. */
interface Filters {
  readonly origin: SavepointOrigin | undefined;
  readonly trash: boolean;
}

/** The savepoints of a deployment, over all its jobs. */
export function SavepointsTab() {
  const deployment = usePageDeployment();
  const { name } = deployment;
  const [origin, setOrigin] = useSearchFilter('origin');
  const [trash, setTrash] = useSearchFilter('trash');
  const filters = { origin: origins.find((one) => one === origin), trash: trash !== undefined };
  const list = useFilteredSavepoints(name, filters);
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      items={list.items}
      loading={list.isPending}
      loadingText="Reading savepoints"
      trackBy="id"
      columnDefinitions={[...columns, actionColumn(deployment)]}
      ariaLabels={{ tableLabel: 'Savepoints' }}
      header={
        <Header
          variant="h2"
          description="State at one moment, owned by the deployment and kept over jobs and versions."
        >
          Savepoints
        </Header>
      }
      filter={
        <div className="filters">
          <FilterSelect
            label="Origin"
            all="Every origin"
            values={origins}
            value={origin}
            onChange={setOrigin}
          />
          <Toggle
            checked={filters.trash}
            onChange={({ detail }) => setTrash(detail.checked ? 'true' : undefined)}
          >
            Trash
          </Toggle>
        </div>
      }
      empty={<Nothing deployment={name} filters={filters} />}
      footer={<MoreButton list={list} what="savepoints" />}
    />
  );
}

function useFilteredSavepoints(deployment: string, { origin, trash }: Filters) {
  const query = {
    ...(origin === undefined ? {} : { origin }),
    ...(trash ? { deleted: 'true' as const } : {}),
  };
  return useList('listSavepoints', { ...deploymentParams(deployment), query });
}

function Nothing({ deployment, filters }: { readonly deployment: string; readonly filters: Filters }) {
  if (filters.trash) return <>The trash is empty.</>;
  if (filters.origin !== undefined) return <>No savepoint has the origin {filters.origin}.</>;
  return (
    <Teaching
      title="No savepoint yet"
      sentence="Suspending takes one; or ask for one while the stream flows on:"
      commands={[line(['savepoint', 'create', deployment, '--wait'])]}
    />
  );
}

const origins = [
  'user-request',
  'suspend',
  'upgrade',
  'copied',
  'retained-checkpoint',
  'scheduled',
  'imported',
] as const satisfies readonly SavepointOrigin[];

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
    cell: (savepoint) => <SavepointState savepoint={savepoint} />,
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

function actionColumn(deployment: Deployment): TableProps.ColumnDefinition<Savepoint> {
  return {
    id: 'actions',
    header: 'Actions',
    cell: (savepoint) => <SavepointMenu deployment={deployment} savepoint={savepoint} />,
  };
}

/** Held, or in the trash, besides what state it is in. */
function SavepointState({ savepoint }: { readonly savepoint: Savepoint }) {
  const { state, failure, hold, deletion } = savepoint;
  return (
    <>
      <StateWithFailure state={state} failure={failure} />
      {hold ? (
        <span title={hold.reason}>
          {' '}
          <Badge color="blue">held</Badge>
        </span>
      ) : null}
      {deletion ? (
        <div className="muted">
          gone at <Moment at={deletion.purgeAt} />
        </div>
      ) : null}
    </>
  );
}
