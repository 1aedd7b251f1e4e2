import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Deployment } from '#contract/resources/deployment.ts';
import { useUndelete } from '../api/use-deployment-change.ts';
import { Moment } from '../ui/Age.tsx';
import { Actor } from './Actor.tsx';
import { LazyVerbDialog } from './LazyVerbDialog.tsx';
import { paths } from './paths.ts';
import { ProblemAlert } from './ProblemAlert.tsx';

/** Says of a deleted deployment until when that can be undone, and undoes it. */
export function TrashBanner({ deployment }: { readonly deployment: Deployment }) {
  const { deletion, name } = deployment;
  const undelete = useUndelete(name);
  const navigate = useNavigate();
  const [purging, setPurging] = useState(false);
  if (deletion === null || deletion === undefined) return null;
  return (
    <Alert
      type="warning"
      header="This deployment is in the trash"
      action={
        <SpaceBetween direction="horizontal" size="xs">
          <Button loading={undelete.isPending} onClick={() => undelete.mutate()}>
            Bring it back
          </Button>
          <Button onClick={() => setPurging(true)}>Remove for good</Button>
        </SpaceBetween>
      }
    >
      <Actor actor={deletion.by} /> deleted it at <Moment at={deletion.at} />. It is removed for good at{' '}
      <Moment at={deletion.purgeAt} />;{' '}
      {deletion.savepoints === 'keep' ? 'its savepoints stay.' : 'its savepoints go with it.'}
      {undelete.error === null ? null : <ProblemAlert error={undelete.error} />}
      {purging ? (
        <LazyVerbDialog
          act="delete"
          deployment={deployment}
          initial={{ deletion: { purge: true } }}
          onClose={() => setPurging(false)}
          onAccepted={() => void navigate(paths.deployments)}
        />
      ) : null}
    </Alert>
  );
}
