/** The whole map of the console. Every page is a chunk of its own, read when it is first opened. */
import { createBrowserRouter, type RouteObject } from 'react-router';
import { Frame } from './components/Frame.tsx';
import type { Crumb, PageHandle } from './components/crumbs.ts';
import { paths, type DeploymentTab } from './components/paths.ts';
import { FaultPage } from './pages/FaultPage.tsx';

const deployments: Crumb = { text: 'Deployments', href: paths.deployments };
const applications: Crumb = { text: 'Applications', href: paths.applications };

const targets: Crumb = { text: 'Targets', href: paths.targets };

const routes: RouteObject[] = [
  {
    element: <Frame />,
    // While the first page's chunk is read there is nothing yet to show; a spinner would only flash.
    hydrateFallbackElement: <></>,
    errorElement: <FaultPage />,
    children: [
      {
        errorElement: <FaultPage />,
        children: [
          {
            index: true,
            handle: says(() => [deployments]),
            lazy: async () => ({ Component: (await import('./pages/DeploymentsPage.tsx')).DeploymentsPage }),
          },
          {
            path: 'deployments/:name',
            handle: says(({ name = '' }) => [deployments, { text: name, href: paths.deployment(name) }]),
            lazy: async () => ({
              Component: (await import('./pages/deployment/DeploymentPage.tsx')).DeploymentPage,
            }),
            children: deploymentTabs(),
          },
          {
            path: 'applications',
            handle: says(() => [applications]),
            lazy: async () => ({
              Component: (await import('./pages/ApplicationsPage.tsx')).ApplicationsPage,
            }),
          },
          {
            path: 'applications/:name',
            handle: says(({ name = '' }) => [applications, { text: name, href: paths.application(name) }]),
            lazy: async () => ({ Component: (await import('./pages/ApplicationPage.tsx')).ApplicationPage }),
          },
          ...platformPages(),
          {
            path: 'operations/:id',
            handle: says(({ id = '' }) => [
              deployments,
              { text: `Operation ${id.slice(-8)}`, href: paths.operation(id) },
            ]),
            lazy: async () => ({ Component: (await import('./pages/OperationPage.tsx')).OperationPage }),
          },
          {
            path: '*',
            handle: says(() => [{ text: 'Not found', href: '#' }]),
            lazy: async () => ({ Component: (await import('./pages/NotFoundPage.tsx')).NotFoundPage }),
          },
        ],
      },
    ],
  },
];

export const router = createBrowserRouter(routes);

/** What does not belong to one deployment. */
function platformPages(): RouteObject[] {
  return [
    {
      path: 'targets',
      handle: says(() => [targets]),
      lazy: async () => ({ Component: (await import('./pages/TargetsPage.tsx')).TargetsPage }),
    },
    {
      path: 'targets/:name',
      handle: says(({ name = '' }) => [targets, { text: name, href: paths.target(name) }]),
      lazy: async () => ({ Component: (await import('./pages/TargetPage.tsx')).TargetPage }),
    },
    {
      path: 'access',
      handle: says(() => [{ text: 'Access', href: paths.access }]),
      lazy: async () => ({ Component: (await import('./pages/AccessPage.tsx')).AccessPage }),
    },
    {
      path: 'audit',
      handle: says(() => [{ text: 'Audit', href: paths.audit }]),
      lazy: async () => ({ Component: (await import('./pages/AuditPage.tsx')).AuditPage }),
    },
  ];
}

function deploymentTabs(): RouteObject[] {
  const jobs = async () => ({ Component: (await import('./pages/deployment/JobsTab.tsx')).JobsTab });
  return [
    {
      index: true,
      lazy: async () => ({ Component: (await import('./pages/deployment/OverviewTab.tsx')).OverviewTab }),
    },
    {
      path: 'events',
      handle: tabSays('events', 'Event log'),
      lazy: async () => ({ Component: (await import('./pages/deployment/EventsTab.tsx')).EventsTab }),
    },
    { path: 'jobs', handle: tabSays('jobs', 'Jobs'), lazy: jobs },
    {
      path: 'jobs/:number',
      handle: says(({ name = '', number = '' }) => [
        { text: 'Jobs', href: paths.deployment(name, 'jobs') },
        { text: `#${number}`, href: paths.job(name, Number(number)) },
      ]),
      lazy: jobs,
    },
    {
      path: 'savepoints',
      handle: tabSays('savepoints', 'Savepoints'),
      lazy: async () => ({ Component: (await import('./pages/deployment/SavepointsTab.tsx')).SavepointsTab }),
    },
    {
      path: 'operations',
      handle: tabSays('operations', 'Operations'),
      lazy: async () => ({ Component: (await import('./pages/deployment/OperationsTab.tsx')).OperationsTab }),
    },
    {
      path: 'configuration',
      handle: tabSays('configuration', 'Configuration'),
      lazy: async () => ({
        Component: (await import('./pages/deployment/ConfigurationTab.tsx')).ConfigurationTab,
      }),
    },
  ];
}

function tabSays(tab: DeploymentTab, text: string): PageHandle {
  return says(({ name = '' }) => [{ text, href: paths.deployment(name, tab) }]);
}

/** The crumbs that a route adds to those above it; the page's title is made of the same words. */
function says(crumbs: PageHandle['crumbs']): PageHandle {
  return { crumbs };
}
