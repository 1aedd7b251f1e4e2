/** Rows of the route table about what went wrong in the running job. */
import * as z from 'zod';
import { DeadLetterList, FaultList, Replay, ReplayInput } from '../resources/faults.ts';
import { deployment, ofDeployment } from './paths.ts';
import type { Route } from './route.ts';

const params = z.object(deployment);
const tag = 'Faults';

export const faultRoutes = {
  listFaults: {
    method: 'GET',
    path: `${ofDeployment}/faults`,
    summary: 'List the faults of the running job, grouped by what they have in common',
    tag,
    params,
    success: { status: 200, body: FaultList },
    problems: ['not-found'],
    permission: 'deployments:read',
  },
  listDeadLetters: {
    method: 'GET',
    path: `${ofDeployment}/dead-letters`,
    summary: 'List the records that the running job has set aside',
    tag,
    params,
    success: { status: 200, body: DeadLetterList },
    problems: ['not-found'],
    permission: 'state:read',
  },
  replayDeadLetters: {
    method: 'POST',
    path: `${ofDeployment}/dead-letters/replay`,
    summary: 'Put records in again that were set aside, each where the state went on without it',
    tag,
    params,
    body: ReplayInput,
    success: { status: 200, body: Replay },
    problems: ['not-found', 'job-unreachable', 'job-refused'],
    permission: 'deployments:operate',
  },
} as const satisfies Record<string, Route>;
