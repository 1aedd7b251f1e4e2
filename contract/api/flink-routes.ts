/** Rows of the route table that carry calls to the running job's Flink REST API. */
import * as z from 'zod';
import { deployment, ofDeployment } from './paths.ts';
import type { Route } from './route.ts';

export const flinkRoutes = {
  readFlinkApi: {
    method: 'GET',
    path: `${ofDeployment}/flink/{path+}`,
    summary: "Read the running job's Flink REST API",
    tag: 'Flink',
    params: z.object({ ...deployment, path: z.string().max(512) }),
    success: { status: 200, body: z.unknown() },
    problems: ['not-found', 'job-unreachable'],
    permission: 'deployments:read',
  },
  callFlinkApi: {
    method: 'POST',
    path: `${ofDeployment}/flink/{path+}`,
    summary:
      "Call the running job's Flink REST API: savepoints, their disposal, and checkpoints; verbs become operations",
    tag: 'Flink',
    params: z.object({ ...deployment, path: z.string().max(512) }),
    body: z.unknown(),
    success: { status: 202, body: z.unknown() },
    problems: ['not-found', 'job-unreachable', 'not-implemented'],
    permission: 'deployments:operate',
  },
  patchFlinkApi: {
    method: 'PATCH',
    path: `${ofDeployment}/flink/{path+}`,
    summary: 'Cancel as the flink command does; it becomes a cancel operation',
    tag: 'Flink',
    params: z.object({ ...deployment, path: z.string().max(512) }),
    body: z.unknown(),
    success: { status: 202, body: z.unknown() },
    problems: ['not-found', 'job-unreachable', 'not-implemented', 'verb-not-allowed'],
    permission: 'deployments:operate',
  },
} as const satisfies Record<string, Route>;
