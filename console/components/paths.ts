/** Addresses of the console's pages. */

export type DeploymentTab = 'overview' | 'events' | 'jobs' | 'savepoints' | 'operations' | 'configuration';

export const paths = {
  deployments: '/',
  deployment: (name: string, tab: DeploymentTab = 'overview'): string =>
    tab === 'overview' ? `/deployments/${name}` : `/deployments/${name}/${tab}`,
  job: (deployment: string, number: number): string => `/deployments/${deployment}/jobs/${number}`,
  applications: '/applications',
  application: (name: string): string => `/applications/${name}`,
  targets: '/targets',
  target: (name: string): string => `/targets/${name}`,
  access: '/access',
  audit: '/audit',
  operation: (id: string): string => `/operations/${id}`,
} as const;
