/** Rows of the route table about revisions: what a deployment stated when, and why. */
import * as z from 'zod';
import { Deployment } from '../resources/deployment.ts';
import { RevisionComparison, SpecRevision } from '../resources/revision.ts';
import { AcceptStateLoss, pageOf, Paging, Reason } from './page.ts';
import { deployment, ofDeployment } from './paths.ts';
import type { Route } from './route.ts';

const revision = { ...deployment, revision: z.coerce.number().int().min(1) };
const ofRevision = `${ofDeployment}/revisions/{revision}` as const;

export const revisionRoutes = {
  listRevisions: {
    method: 'GET',
    path: `${ofDeployment}/revisions`,
    summary: 'List the revisions of what a deployment states',
    tag: 'Revisions',
    params: z.object(deployment),
    query: Paging,
    success: { status: 200, body: pageOf('SpecRevisionPage', SpecRevision) },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'deployments:read',
  },
  getRevision: {
    method: 'GET',
    path: ofRevision,
    summary: 'Get a revision',
    tag: 'Revisions',
    params: z.object(revision),
    success: { status: 200, body: SpecRevision },
    problems: ['not-found'],
    permission: 'deployments:read',
  },
  compareRevisions: {
    method: 'GET',
    path: `${ofRevision}/diff`,
    summary: 'Tell what changed from this revision to another',
    tag: 'Revisions',
    params: z.object(revision),
    query: z.object({
      /** The later one; the newest when absent. */
      with: z.coerce.number().int().min(1).optional(),
    }),
    success: { status: 200, body: RevisionComparison },
    problems: ['not-found'],
    permission: 'deployments:read',
  },
  revertDeployment: {
    method: 'POST',
    path: `${ofRevision}/revert`,
    summary: 'State again what a revision stated; the running job gets it as with any other change',
    tag: 'Revisions',
    params: z.object(revision),
    query: Reason.extend(AcceptStateLoss.shape),
    success: { status: 200, body: Deployment },
    problems: [
      'not-found',
      'revision-changed',
      'verb-not-allowed',
      'operation-in-progress',
      'state-loss-not-accepted',
    ],
    permission: 'deployments:write',
  },
} as const satisfies Record<string, Route>;
