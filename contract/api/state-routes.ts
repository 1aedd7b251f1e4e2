/** Rows of the route table about the state of the running job. */
import * as z from 'zod';
import { StateList, StatePage, StateQuery } from '../resources/state.ts';
import { deployment, ofDeployment } from './paths.ts';
import type { Route } from './route.ts';

export const stateRoutes = {
  listState: {
    method: 'GET',
    path: `${ofDeployment}/state`,
    summary: 'List the states of the running job, by operator',
    tag: 'State',
    params: z.object(deployment),
    success: { status: 200, body: StateList },
    problems: ['not-found', 'job-refused', 'job-unreachable'],
    permission: 'state:read',
  },
  readState: {
    method: 'GET',
    path: `${ofDeployment}/state/{operator}/{state}`,
    summary: 'Read state of the running job: the entries of one key, or of all keys page by page',
    tag: 'State',
    params: z.object({ ...deployment, operator: z.string().max(200), state: z.string().max(200) }),
    query: StateQuery,
    success: { status: 200, body: StatePage },
    problems: ['not-found', 'invalid-cursor', 'job-refused', 'job-unreachable'],
    permission: 'state:read',
  },
} as const satisfies Record<string, Route>;
