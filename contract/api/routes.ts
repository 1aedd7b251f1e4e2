/**
 * The route table: OpenAPI document, request validation, typed client and the CLI's help all derive from it.
 *
 * Its rows lie beside it, one file a noun. A row's key is its operation id; its handler is
 * `functions/api/<operation id in kebab case>.ts`.
 */
import { accessRoutes } from './access-routes.ts';
import { applicationRoutes } from './application-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { defaultsRoutes } from './defaults-routes.ts';
import { deploymentRoutes } from './deployment-routes.ts';
import { faultRoutes } from './fault-routes.ts';
import { flinkRoutes } from './flink-routes.ts';
import { jobRoutes } from './job-routes.ts';
import { namespaceRoutes } from './namespace-routes.ts';
import { operationRoutes } from './operation-routes.ts';
import { platformRoutes } from './platform-routes.ts';
import { revisionRoutes } from './revision-routes.ts';
import { savepointRoutes } from './savepoint-routes.ts';
import { secretRoutes } from './secret-routes.ts';
import { stateRoutes } from './state-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';
import { targetRoutes } from './target-routes.ts';
import type { Route } from './route.ts';

export const routes = {
  ...platformRoutes,
  ...namespaceRoutes,
  ...applicationRoutes,
  ...deploymentRoutes,
  ...revisionRoutes,
  ...defaultsRoutes,
  ...targetRoutes,
  ...secretRoutes,
  ...operationRoutes,
  ...savepointRoutes,
  ...jobRoutes,
  ...faultRoutes,
  ...stateRoutes,
  ...webhookRoutes,
  ...flinkRoutes,
  ...accessRoutes,
  ...auditRoutes,
} as const satisfies Record<string, Route>;

export type Routes = typeof routes;
export type OperationId = keyof Routes;
export const operationIds = Object.keys(routes) as OperationId[]; // Keys of a literal.
