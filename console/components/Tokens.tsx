import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { lazy, Suspense, useState } from 'react';
import type { ApiToken, ApiTokenSecret } from '#contract/resources/api-token.ts';
import { namespace } from '../api/namespace.ts';
import { useRevokeToken, useRotateToken } from '../api/use-access.ts';
import { useList } from '../api/use-list.ts';
import { Moment } from '../ui/Age.tsx';
import { MoreButton } from './MoreButton.tsx';
import { ProblemAlert } from './ProblemAlert.tsx';
import { SecretOnce } from './SecretOnce.tsx';

const TokenDialog = lazy(async () => ({ default: (await import('../forms/TokenDialog.tsx')).TokenDialog }));

/** Keys for programs: made, rotated and revoked; a secret is shown once. */
export function Tokens() {
  const list = useList('listTokens', { query: { namespace } });
  const [creating, setCreating] = useState(false);
  const [secret, setSecret] = useState<ApiTokenSecret>();
  const rotate = useRotateToken();
  const revoke = useRevokeToken();
  const error = list.error ?? rotate.error ?? revoke.error;
  return (
    <SpaceBetween size="s">
      {error === null ? null : <ProblemAlert error={error} />}
      {secret === undefined ? null : <SecretOnce made={secret} onDismiss={() => setSecret(undefined)} />}
      <Table
        contentDensity="compact"
        items={list.items}
        loading={list.isPending}
        loadingText="Reading tokens"
        trackBy="id"
        columnDefinitions={[
          ...columns,
          actionColumn({
            rotate: (id) => rotate.mutate(id, { onSuccess: setSecret }),
            revoke: (id) => revoke.mutate(id),
          }),
        ]}
        ariaLabels={{ tableLabel: 'Tokens' }}
        header={
          <Header
            variant="h2"
            description="Keys for programs. Only a hash of the secret is stored."
            actions={<Button onClick={() => setCreating(true)}>Create a token</Button>}
          >
            Tokens
          </Header>
        }
        empty="No token yet."
        footer={<MoreButton list={list} what="tokens" />}
      />
      {creating ? (
        <Suspense fallback={null}>
          <TokenDialog
            onClose={() => setCreating(false)}
            onCreated={(made) => {
              setSecret(made);
              setCreating(false);
            }}
          />
        </Suspense>
      ) : null}
    </SpaceBetween>
  );
}

const columns: TableProps.ColumnDefinition<ApiToken>[] = [
  { id: 'name', header: 'Token', isRowHeader: true, cell: ({ name }) => name },
  { id: 'role', header: 'May', cell: ({ role, permissions }) => role ?? permissions.join(', ') },
  { id: 'deployment', header: 'Deployments', cell: ({ deployment }) => deployment ?? 'all' },
  {
    id: 'expires',
    header: 'Expires',
    cell: ({ expiresAt, revokedAt }) => (revokedAt === null ? <Moment at={expiresAt} /> : 'revoked'),
  },
  { id: 'used', header: 'Last used', cell: ({ lastUsedAt }) => <Moment at={lastUsedAt} /> },
];

interface TokenActions {
  readonly rotate: (id: string) => void;
  readonly revoke: (id: string) => void;
}

function actionColumn({ rotate, revoke }: TokenActions): TableProps.ColumnDefinition<ApiToken> {
  return {
    id: 'actions',
    header: 'Actions',
    cell: ({ id, name, revokedAt }) =>
      revokedAt !== null ? null : (
        <SpaceBetween direction="horizontal" size="s">
          <Button variant="inline-link" ariaLabel={`Rotate token ${name}`} onClick={() => rotate(id)}>
            Rotate
          </Button>
          <Button variant="inline-link" ariaLabel={`Revoke token ${name}`} onClick={() => revoke(id)}>
            Revoke
          </Button>
        </SpaceBetween>
      ),
  };
}
