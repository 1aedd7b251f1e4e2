import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import type { RoleBinding } from '#contract/resources/role-binding.ts';
import { namespace } from '../api/namespace.ts';
import { useList } from '../api/use-list.ts';
import { Actor } from '../components/Actor.tsx';
import { line } from '../components/cli-line.ts';
import { MoreButton } from '../components/MoreButton.tsx';
import { ProblemAlert } from '../components/ProblemAlert.tsx';
import { Tokens } from '../components/Tokens.tsx';
import { Moment } from '../ui/Age.tsx';
import { CommandLine } from '../ui/CommandLine.tsx';

/** Who may do what in the namespace. */
export function AccessPage() {
  return (
    <SpaceBetween size="l">
      <Header variant="h1" description={`Who may do what in namespace ${namespace}.`}>
        Access
      </Header>
      <Bindings />
      <Tokens />
    </SpaceBetween>
  );
}

function Bindings() {
  const list = useList('listRoleBindings', { query: { namespace } });
  return (
    <SpaceBetween size="s">
      {list.error === null ? null : <ProblemAlert error={list.error} />}
      <Table
        contentDensity="compact"
        items={list.items}
        loading={list.isPending}
        loadingText="Reading role bindings"
        trackBy="id"
        columnDefinitions={columns}
        ariaLabels={{ tableLabel: 'Role bindings' }}
        header={
          <Header variant="h2" description="Roles of users, groups and tokens.">
            Role bindings
          </Header>
        }
        empty="Nobody has a role in this namespace alone; roles of the whole platform hold here, too."
        footer={<MoreButton list={list} what="role bindings" />}
      />
      <CommandLine command={line(['access', 'list', '--namespace', namespace])} />
    </SpaceBetween>
  );
}

const columns: TableProps.ColumnDefinition<RoleBinding>[] = [
  { id: 'member', header: 'Member', isRowHeader: true, cell: ({ member }) => member },
  { id: 'role', header: 'Role', cell: ({ role }) => role },
  { id: 'deployment', header: 'Deployments', cell: ({ deployment }) => deployment ?? 'all' },
  { id: 'by', header: 'Given by', cell: ({ createdBy }) => <Actor actor={createdBy} /> },
  { id: 'at', header: 'Given', cell: ({ createdAt }) => <Moment at={createdAt} /> },
];
