import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useCollection } from '@cloudscape-design/collection-hooks';
import { useSearchParams } from 'react-router';
import type { Deployment } from '#contract/resources/deployment.ts';
import { namespace } from '../api/namespace.ts';
import { useList } from '../api/use-list.ts';
import { AnnotationLinks } from '../components/AnnotationLinks.tsx';
import { CreateButton } from '../components/CreateButton.tsx';
import { line } from '../components/cli-line.ts';
import { LiveCheckpoint, LiveLag, LiveRate } from '../components/LiveCells.tsx';
import { MoreButton } from '../components/MoreButton.tsx';
import { paths } from '../components/paths.ts';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { RowActions } from '../components/RowActions.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { Go } from '../ui/Go.tsx';
import { NARROW, useMedia } from '../ui/use-media.ts';
import { Teaching } from '../ui/Teaching.tsx';

/** The start page: every deployment, how it is, and what may be asked of it. */
export function DeploymentsPage() {
  const narrow = useMedia(NARROW);
  const list = useList('listDeployments', { params: { namespace } });
  const [search, setSearch] = useSearchParams();
  const { items, collectionProps, filterProps, filteredItemsCount } = useCollection(list.items, {
    filtering: {
      defaultFilteringText: search.get('find') ?? '',
      filteringFunction: matches,
      noMatch: 'No deployment matches the filter.',
      empty: <FirstSteps />,
    },
    sorting: { defaultState: { sortingColumn: { sortingField: 'name' } } },
  });
  return (
    <SpaceBetween size="m">
      {list.error === null || list.items.length > 0 ? null : <ProblemAlert error={list.error} />}
      <Table
        {...collectionProps}
        variant="full-page"
        contentDensity="compact"
        loading={list.isPending}
        loadingText="Reading deployments"
        items={items}
        trackBy="id"
        columnDefinitions={columns}
        columnDisplay={columns.map(({ id }) => ({ id, visible: !narrow || onTelephone.has(id) }))}
        ariaLabels={{ tableLabel: 'Deployments' }}
        header={
          <Header
            variant="h1"
            actions={<CreateButton />}
            counter={list.isPending ? '' : `(${list.items.length})`}
            description="What is wanted of each application version, beside what is observed."
          >
            Deployments
          </Header>
        }
        filter={
          <TextFilter
            {...filterProps}
            filteringPlaceholder="Find by name, application, state or label"
            filteringAriaLabel="Find deployments"
            countText={filteredItemsCount === 1 ? '1 match' : `${filteredItemsCount ?? 0} matches`}
            onDelayedChange={({ detail }) =>
              setSearch(detail.filteringText === '' ? {} : { find: detail.filteringText }, { replace: true })
            }
          />
        }
        footer={<MoreButton list={list} what="deployments" />}
      />
    </SpaceBetween>
  );
}

type Column = TableProps.ColumnDefinition<Deployment> & { readonly id: string };

/** What a narrow page has room for; the rest is one tap further. */
const onTelephone: ReadonlySet<string> = new Set(['name', 'rate', 'actions']);

const columns: readonly Column[] = [
  {
    id: 'name',
    header: 'Deployment',
    sortingField: 'name',
    isRowHeader: true,
    cell: (deployment) => <NameCell deployment={deployment} />,
  },
  {
    id: 'state',
    header: 'State',
    sortingComparator: byState,
    cell: (deployment) => <StateBadge state={deployment.status.state} />,
  },
  {
    id: 'application',
    header: 'Application',
    cell: ({ spec }) => (
      <>
        <Go to={paths.application(spec.application)}>{spec.application}</Go> v{spec.version}
      </>
    ),
  },
  { id: 'rate', header: 'Records/s', cell: (deployment) => <LiveRate deployment={deployment} /> },
  { id: 'watermark', header: 'Watermark', cell: (deployment) => <LiveLag deployment={deployment} /> },
  {
    id: 'checkpoint',
    header: 'Last checkpoint',
    cell: (deployment) => <LiveCheckpoint deployment={deployment} />,
  },
  {
    id: 'links',
    header: 'Links',
    cell: (deployment) => <AnnotationLinks annotations={deployment.annotations} />,
  },
  { id: 'actions', header: 'Actions', cell: (deployment) => <RowActions deployment={deployment} /> },
];

/** The name; on a narrow page with the state below it instead of in a column of its own. */
function NameCell({ deployment }: { readonly deployment: Deployment }) {
  const narrow = useMedia(NARROW);
  return (
    <>
      <Go to={paths.deployment(deployment.name)}>{deployment.name}</Go>
      {narrow ? (
        <div>
          <StateBadge state={deployment.status.state} />
        </div>
      ) : null}
    </>
  );
}

function byState(a: Deployment, b: Deployment): number {
  return a.status.state.localeCompare(b.status.state);
}

function matches(deployment: Deployment, text: string): boolean {
  const labels = Object.entries(deployment.labels).map(([key, value]) => `${key}:${value}`);
  const words = [deployment.name, deployment.spec.application, deployment.status.state, ...labels];
  return words.join(' ').toLowerCase().includes(text.trim().toLowerCase());
}

function FirstSteps() {
  return (
    <Teaching
      title="No deployments yet"
      sentence="A deployment runs one version of an application. Push one, then deploy it:"
      commands={[
        line(['application', 'push', 'examples/payments-dashboard/application.ts']),
        line(['deployment', 'create', '-f', 'deployment.yaml']),
        line(['deployment', 'start', 'payments-staging', '--wait']),
      ]}
    />
  );
}
