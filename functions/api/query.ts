/** The function `query`: every route that only reads. A route without a handler does not compile. */
import type { Routes } from '#contract/api/routes.ts';
import { apiHandler } from '../middleware/api-handler.ts';
import type { Handler } from '../middleware/call.ts';
import { getApplicationVersion } from './get-application-version.ts';
import { getApplication } from './get-application.ts';
import { getDeploymentMetrics } from './get-deployment-metrics.ts';
import { getDeployment } from './get-deployment.ts';
import { getHealth } from './get-health.ts';
import { getJob } from './get-job.ts';
import { getMetrics } from './get-metrics.ts';
import { getNamespace } from './get-namespace.ts';
import { getOpenApi } from './get-open-api.ts';
import { getOperation } from './get-operation.ts';
import { getSavepointContents } from './get-savepoint-contents.ts';
import { getSavepoint } from './get-savepoint.ts';
import { listApplicationVersions } from './list-application-versions.ts';
import { listApplications } from './list-applications.ts';
import { listDeadLetters } from './list-dead-letters.ts';
import { listDeployments } from './list-deployments.ts';
import { listEvents } from './list-events.ts';
import { listFaults } from './list-faults.ts';
import { listJobs } from './list-jobs.ts';
import { listNamespaces } from './list-namespaces.ts';
import { listOperations } from './list-operations.ts';
import { listSavepointObjects } from './list-savepoint-objects.ts';
import { listSavepoints } from './list-savepoints.ts';
import { listState } from './list-state.ts';
import { listUndecodableRecords } from './list-undecodable-records.ts';
import { readFlinkApi } from './read-flink-api.ts';
import { readState } from './read-state.ts';

type QueryId = {
  [Id in keyof Routes]: Routes[Id]['method'] extends 'GET' ? Id : never;
}[keyof Routes];

export const queries: Readonly<Record<QueryId, Handler>> = {
  getHealth,
  getOpenApi,
  listNamespaces,
  getNamespace,
  listApplications,
  getApplication,
  listApplicationVersions,
  getApplicationVersion,
  listDeployments,
  getDeployment,
  listSavepoints,
  getSavepoint,
  getSavepointContents,
  listSavepointObjects,
  listJobs,
  getJob,
  listEvents,
  listOperations,
  getOperation,
  getDeploymentMetrics,
  getMetrics,
  listUndecodableRecords,
  listFaults,
  listDeadLetters,
  listState,
  readState,
  readFlinkApi,
};

export const handler = apiHandler(queries);
