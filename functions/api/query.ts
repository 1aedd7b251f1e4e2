/** The function `query`: every route that only reads. A route without a handler does not compile. */
import type { Routes } from '#contract/api/routes.ts';
import { apiHandler } from '../middleware/api-handler.ts';
import type { Handler } from '../middleware/call.ts';
import { compareApplicationVersions } from './compare-application-versions.ts';
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
import { getWebhook } from './get-webhook.ts';
import { getSavepointContents } from './get-savepoint-contents.ts';
import { getSavepoint } from './get-savepoint.ts';
import { listApplicationVersions } from './list-application-versions.ts';
import { listApplications } from './list-applications.ts';
import { listDeadLetters } from './list-dead-letters.ts';
import { listDeployments } from './list-deployments.ts';
import { listEvents } from './list-events.ts';
import { listFaults } from './list-faults.ts';
import { listJobs } from './list-jobs.ts';
import { listNamespaceEvents } from './list-namespace-events.ts';
import { listNamespaces } from './list-namespaces.ts';
import { listOperations } from './list-operations.ts';
import { listSavepointObjects } from './list-savepoint-objects.ts';
import { listCaptures } from './list-captures.ts';
import { listSavepoints } from './list-savepoints.ts';
import { judgeSavepoint } from './judge-savepoint.ts';
import { listNamespaceSavepoints } from './list-namespace-savepoints.ts';
import { listState } from './list-state.ts';
import { listUndecodableRecords } from './list-undecodable-records.ts';
import { listWebhookDeliveries } from './list-webhook-deliveries.ts';
import { listWebhooks } from './list-webhooks.ts';
import { readFlinkApi } from './read-flink-api.ts';
import { readState } from './read-state.ts';
import { listRoles } from './list-roles.ts';
import { getRole } from './get-role.ts';
import { listRoleBindings } from './list-role-bindings.ts';
import { listTokens } from './list-tokens.ts';
import { getToken } from './get-token.ts';
import { listAudit } from './list-audit.ts';
import { listNamespaceAudit } from './list-namespace-audit.ts';
import { listRevisions } from './list-revisions.ts';
import { getRevision } from './get-revision.ts';
import { compareRevisions } from './compare-revisions.ts';
import { getGlobalDefaults } from './get-global-defaults.ts';
import { listGlobalDefaultsRevisions } from './list-global-defaults-revisions.ts';
import { getNamespaceDefaults } from './get-namespace-defaults.ts';
import { listNamespaceDefaultsRevisions } from './list-namespace-defaults-revisions.ts';
import { listTargets } from './list-targets.ts';
import { getTarget } from './get-target.ts';
import { listSecrets } from './list-secrets.ts';
import { getSecret } from './get-secret.ts';

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
  compareApplicationVersions,
  listDeployments,
  getDeployment,
  listCaptures,
  listSavepoints,
  listNamespaceSavepoints,
  judgeSavepoint,
  getSavepoint,
  getSavepointContents,
  listSavepointObjects,
  listJobs,
  getJob,
  listEvents,
  listNamespaceEvents,
  listWebhooks,
  getWebhook,
  listWebhookDeliveries,
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
  listRoles,
  getRole,
  listRoleBindings,
  listTokens,
  getToken,
  listAudit,
  listNamespaceAudit,
  listRevisions,
  getRevision,
  compareRevisions,
  getGlobalDefaults,
  listGlobalDefaultsRevisions,
  getNamespaceDefaults,
  listNamespaceDefaultsRevisions,
  listTargets,
  getTarget,
  listSecrets,
  getSecret,
};

export const handler = apiHandler(queries);
