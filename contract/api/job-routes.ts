/** Rows of the route table about the jobs of a deployment: events, figures and records that could not be decoded. */
import * as z from 'zod';
import { Event } from '../resources/event.ts';
import { EventFilter } from '../resources/event-filter.ts';
import { Job } from '../resources/job.ts';
import { DeploymentMetrics, UndecodableRecord } from '../resources/metrics.ts';
import { pageOf, Paging } from './page.ts';
import { deployment, inNamespace, namespace, ofDeployment } from './paths.ts';
import type { Route } from './route.ts';

const EventPage = pageOf('EventPage', Event);

export const jobRoutes = {
  listJobs: {
    method: 'GET',
    path: `${ofDeployment}/jobs`,
    summary: 'List the jobs of a deployment',
    tag: 'Jobs',
    params: z.object(deployment),
    query: Paging,
    success: { status: 200, body: pageOf('JobPage', Job) },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'deployments:read',
  },
  getJob: {
    method: 'GET',
    path: `${ofDeployment}/jobs/{job}`,
    summary: 'Get a job by its number',
    tag: 'Jobs',
    params: z.object({ ...deployment, job: z.coerce.number().int().min(1) }),
    success: { status: 200, body: Job },
    problems: ['not-found'],
    permission: 'deployments:read',
  },
  listEvents: {
    method: 'GET',
    path: `${ofDeployment}/events`,
    summary: 'List the events of a deployment',
    tag: 'Events',
    params: z.object(deployment),
    query: Paging.extend(EventFilter.shape),
    success: { status: 200, body: EventPage, textType: 'application/x-ndjson' },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'deployments:read',
  },
  listNamespaceEvents: {
    method: 'GET',
    path: `${inNamespace}/events`,
    summary: 'List the events of all deployments of a namespace, also of those that are gone',
    tag: 'Events',
    params: z.object(namespace),
    query: Paging.extend(EventFilter.shape),
    success: { status: 200, body: EventPage, textType: 'application/x-ndjson' },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'deployments:read',
  },
  getDeploymentMetrics: {
    method: 'GET',
    path: `${ofDeployment}/metrics`,
    summary: 'Get the live figures of the running job',
    tag: 'Metrics',
    params: z.object(deployment),
    success: { status: 200, body: DeploymentMetrics },
    problems: ['not-found'],
    permission: 'deployments:read',
  },
  listUndecodableRecords: {
    method: 'GET',
    path: `${ofDeployment}/undecodable-records`,
    summary: 'List the latest records that the running job could not decode',
    tag: 'Metrics',
    params: z.object(deployment),
    success: {
      status: 200,
      body: z.object({ items: z.array(UndecodableRecord) }).meta({ id: 'UndecodableRecordList' }),
    },
    problems: ['not-found'],
    permission: 'state:read',
  },
} as const satisfies Record<string, Route>;
