import Header from '@cloudscape-design/components/header';
import Spinner from '@cloudscape-design/components/spinner';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { useParams } from 'react-router';
import type { ApplicationVersion } from '#contract/resources/application-version.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import { namespace } from '../api/namespace.ts';
import { useList } from '../api/use-list.ts';
import { useRead } from '../api/use-read.ts';
import { Actor } from '../components/Actor.tsx';
import { line } from '../components/cli-line.ts';
import { LiveRate } from '../components/LiveCells.tsx';
import { MoreButton } from '../components/MoreButton.tsx';
import { paths } from '../components/paths.ts';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { Moment } from '../ui/Age.tsx';
import { CopyText } from '../ui/CopyText.tsx';
import { Go } from '../ui/Go.tsx';
import { bytesText } from '../ui/number-text.ts';
import { Teaching } from '../ui/Teaching.tsx';

/** An application: its immutable versions and where they are deployed. */
export function ApplicationPage() {
  const { name = '' } = useParams();
  const { data, error } = useRead('getApplication', { params: { namespace, application: name } });
  if (data === undefined) return error === null ? <Spinner size="large" /> : <ProblemAlert error={error} />;
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={data.description}>
        {data.name}
      </Header>
      <Deployments application={name} />
      <Versions application={name} />
    </SpaceBetween>
  );
}

function Deployments({ application }: { readonly application: string }) {
  const list = useList('listDeployments', { params: { namespace }, query: { application } });
  return (
    <Table
      contentDensity="compact"
      items={list.items}
      loading={list.isPending}
      loadingText="Reading deployments"
      trackBy="id"
      columnDefinitions={deploymentColumns}
      ariaLabels={{ tableLabel: 'Deployments of the application' }}
      header={<Header variant="h2">Deployments</Header>}
      empty={
        <Teaching
          title="Deployed nowhere"
          sentence="A deployment runs one version; a file says which, and how:"
          commands={[line(['deployment', 'create', '-f', 'deployment.yaml'])]}
        />
      }
      footer={<MoreButton list={list} what="deployments" />}
    />
  );
}

function Versions({ application }: { readonly application: string }) {
  const list = useList('listApplicationVersions', { params: { namespace, application } });
  return (
    <Table
      contentDensity="compact"
      items={list.items}
      loading={list.isPending}
      loadingText="Reading versions"
      trackBy={(version) => String(version.version)}
      columnDefinitions={versionColumns}
      ariaLabels={{ tableLabel: 'Versions' }}
      header={
        <Header variant="h2" description="Immutable: the same bundle pushed twice is one version.">
          Versions
        </Header>
      }
      empty={
        <Teaching
          title="No version yet"
          sentence="Push the program:"
          commands={[line(['application', 'push', 'application.ts'])]}
        />
      }
      footer={<MoreButton list={list} what="versions" />}
    />
  );
}

const deploymentColumns: TableProps.ColumnDefinition<Deployment>[] = [
  {
    id: 'name',
    header: 'Deployment',
    isRowHeader: true,
    cell: (deployment) => <Go to={paths.deployment(deployment.name)}>{deployment.name}</Go>,
  },
  { id: 'state', header: 'State', cell: (deployment) => <StateBadge state={deployment.status.state} /> },
  { id: 'version', header: 'Version', cell: (deployment) => `v${deployment.spec.version}` },
  { id: 'target', header: 'Target', cell: (deployment) => deployment.spec.target },
  { id: 'rate', header: 'Records/s', cell: (deployment) => <LiveRate deployment={deployment} /> },
];

const versionColumns: TableProps.ColumnDefinition<ApplicationVersion>[] = [
  { id: 'version', header: 'Version', isRowHeader: true, cell: (version) => `v${version.version}` },
  { id: 'created', header: 'Pushed', cell: (version) => <Moment at={version.createdAt} /> },
  {
    id: 'by',
    header: 'By',
    cell: (version) => (version.author === null ? <Actor actor={version.createdBy} /> : version.author),
  },
  {
    id: 'commit',
    header: 'Commit',
    cell: ({ commit }) =>
      commit === null ? '–' : <CopyText text={commit} short={commit.slice(0, 10)} what="commit" />,
  },
  { id: 'tag', header: 'Tag', cell: (version) => version.tag ?? '–' },
  {
    id: 'sha256',
    header: 'Bundle',
    cell: (version) => (
      <CopyText text={version.sha256} short={version.sha256.slice(0, 12)} what="hash of the bundle" />
    ),
  },
  {
    id: 'size',
    header: 'Size',
    cell: (version) => <span className="num">{bytesText(version.sizeBytes)}</span>,
  },
  {
    id: 'operators',
    header: 'Operators',
    cell: (version) => <span className="num">{version.graph.nodes.length}</span>,
  },
];
