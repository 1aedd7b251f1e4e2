import Spinner from '@cloudscape-design/components/spinner';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { Suspense } from 'react';
import { Outlet, useLocation, useParams } from 'react-router';
import type { Deployment } from '#contract/resources/deployment.ts';
import { useDeployment } from '../../api/deployments.ts';
import { CurrentOperation } from '../../components/CurrentOperation.tsx';
import { DeploymentHeader } from '../../components/DeploymentHeader.tsx';
import { paths, type DeploymentTab } from '../../components/paths.ts';
import { ProblemAlert } from '../../components/ProblemAlert.tsx';
import { useFollow } from '../../ui/use-follow.ts';

const tabs: readonly { readonly id: DeploymentTab; readonly label: string }[] = [
  { id: 'overview', label: 'Overview' },
  { id: 'events', label: 'Event log' },
  { id: 'jobs', label: 'Jobs' },
  { id: 'savepoints', label: 'Savepoints' },
  { id: 'operations', label: 'Operations' },
  { id: 'configuration', label: 'Configuration' },
];

/** A deployment: how it is and what may be asked of it above, its parts as tabs below. */
export function DeploymentPage() {
  const { name = '' } = useParams();
  const { data, error, isError } = useDeployment(name);
  if (data === undefined) {
    return isError && error !== null ? <ProblemAlert error={error} /> : <Spinner size="large" />;
  }
  return (
    <SpaceBetween size="m">
      <DeploymentHeader deployment={data} />
      <CurrentOperation deployment={data} />
      <DeploymentTabs deployment={data} />
    </SpaceBetween>
  );
}

function DeploymentTabs({ deployment }: { readonly deployment: Deployment }) {
  const follow = useFollow();
  const { pathname } = useLocation();
  const segment = pathname.split('/')[3];
  const active = tabs.find((tab) => tab.id === segment)?.id ?? 'overview';
  return (
    <Tabs
      ariaLabel="Parts of the deployment"
      activeTabId={active}
      keyboardActivationMode="manual"
      onChange={({ detail }) => follow({ detail: { href: detail.activeTabHref }, preventDefault: () => {} })}
      tabs={tabs.map(({ id, label }) => ({
        id,
        label,
        href: paths.deployment(deployment.name, id),
        content:
          id === active ? (
            <Suspense fallback={<Spinner />}>
              <Outlet context={deployment} />
            </Suspense>
          ) : undefined,
      }))}
    />
  );
}
