/** Rows of the route table about the platform itself. */
import * as z from 'zod';
import type { Route } from './route.ts';

const Health = z
  .object({ status: z.literal('ok'), version: z.string(), time: z.string() })
  .meta({ id: 'Health' });

export const platformRoutes = {
  getHealth: {
    method: 'GET',
    path: '/health',
    summary: 'Tell whether the API answers',
    tag: 'Platform',
    success: { status: 200, body: Health },
    problems: [],
    permission: 'public',
  },
  getOpenApi: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'Get this document',
    tag: 'Platform',
    success: { status: 200, body: z.record(z.string(), z.unknown()) },
    problems: [],
    permission: 'public',
  },
  getMetrics: {
    method: 'GET',
    path: '/metrics',
    summary: 'Get the figures of the platform and of all running jobs as Prometheus text',
    tag: 'Metrics',
    bodyIsText: true,
    success: { status: 200, body: z.string() },
    problems: [],
    permission: 'metrics:read',
  },
} as const satisfies Record<string, Route>;
