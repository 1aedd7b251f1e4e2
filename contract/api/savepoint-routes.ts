/** Rows of the route table about savepoints. */
import * as z from 'zod';
import { CapturedRecord } from '../resources/capture.ts';
import { Ulid } from '../resources/metadata.ts';
import { Operation, Plan } from '../resources/operation.ts';
import {
  HoldInput,
  Savepoint,
  SavepointDeletion,
  SavepointFilter,
  SavepointInput,
} from '../resources/savepoint.ts';
import { Verdict } from '../resources/verdict.ts';
import { SavepointContents } from '../resources/savepoint-contents.ts';
import {
  SavepointObjects,
  SavepointObjectsQuery,
  SavepointUploads,
  SavepointUploadsInput,
} from '../resources/savepoint-transfer.ts';
import { OnBusy } from '../resources/verb-input.ts';
import { DryRun, pageOf, Paging } from './page.ts';
import { deployment, inNamespace, namespace, ofDeployment } from './paths.ts';
import type { Route } from './route.ts';

const savepoint = { ...deployment, savepoint: Ulid };

const savepoints = `${ofDeployment}/savepoints` as const;
const ofSavepoint = `${savepoints}/{savepoint}` as const;
const tag = 'Savepoints';

export const savepointRoutes = {
  listSavepoints: {
    method: 'GET',
    path: savepoints,
    summary: 'List the savepoints of a deployment, over all its jobs',
    tag,
    params: z.object(deployment),
    query: Paging.extend(SavepointFilter.shape),
    success: { status: 200, body: pageOf('SavepointPage', Savepoint) },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'savepoints:read',
  },
  listNamespaceSavepoints: {
    method: 'GET',
    path: `${inNamespace}/savepoints`,
    summary: 'List the savepoints of all deployments of a namespace, also of those that are gone',
    tag,
    params: z.object(namespace),
    query: Paging.extend(SavepointFilter.shape),
    success: { status: 200, body: pageOf('NamespaceSavepointPage', Savepoint) },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'savepoints:read',
  },
  listCaptures: {
    method: 'GET',
    path: `${ofDeployment}/captures/{sink}`,
    summary: 'List the records that were captured of a sink, in the order in which they were written',
    tag: 'Captures',
    params: z.object({ ...deployment, sink: z.string().min(1).max(200) }),
    query: Paging,
    success: { status: 200, body: pageOf('CapturePage', CapturedRecord) },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'state:read',
  },
  createSavepoint: {
    method: 'POST',
    path: savepoints,
    summary: 'Take a savepoint while the stream flows on',
    tag,
    params: z.object(deployment),
    query: DryRun.extend(OnBusy.shape),
    body: SavepointInput,
    success: { status: 202, alsoStatus: 200, body: z.union([Operation, Plan]) },
    problems: [
      'not-found',
      'verb-not-allowed',
      'operation-in-progress',
      'idempotency-key-reused',
      'quota-exceeded',
    ],
    idempotent: true,
    permission: 'savepoints:create',
  },
  getSavepoint: {
    method: 'GET',
    path: ofSavepoint,
    summary: 'Get a savepoint',
    tag,
    params: z.object(savepoint),
    success: { status: 200, body: Savepoint },
    problems: ['not-found'],
    permission: 'savepoints:read',
  },
  getSavepointContents: {
    method: 'GET',
    path: `${ofSavepoint}/contents`,
    summary: 'Tell what a savepoint holds by operator and state, and what it can be restored into',
    tag,
    params: z.object(savepoint),
    success: { status: 200, body: SavepointContents },
    problems: ['not-found', 'savepoint-incomplete'],
    permission: 'savepoints:read',
  },
  deleteSavepoint: {
    method: 'DELETE',
    path: ofSavepoint,
    summary:
      'Move a savepoint to the trash, or with purge=true remove it with all data that nothing else refers to',
    tag,
    params: z.object(savepoint),
    query: SavepointDeletion,
    success: { status: 200, body: Savepoint },
    problems: ['not-found', 'savepoint-held', 'savepoint-in-use'],
    permission: 'savepoints:delete',
  },
  undeleteSavepoint: {
    method: 'POST',
    path: `${ofSavepoint}/undelete`,
    summary: 'Bring a savepoint back from the trash',
    tag,
    params: z.object(savepoint),
    success: { status: 200, body: Savepoint },
    problems: ['not-found', 'savepoint-in-use'],
    permission: 'savepoints:delete',
  },
  holdSavepoint: {
    method: 'POST',
    path: `${ofSavepoint}/hold`,
    summary: 'Hold a savepoint: nobody and no rule deletes it until it is released',
    tag,
    params: z.object(savepoint),
    body: HoldInput,
    success: { status: 200, body: Savepoint },
    problems: ['not-found', 'savepoint-in-use', 'savepoint-incomplete'],
    permission: 'savepoints:delete',
  },
  releaseSavepoint: {
    method: 'POST',
    path: `${ofSavepoint}/release`,
    summary: 'Release a savepoint that was held',
    tag,
    params: z.object(savepoint),
    success: { status: 200, body: Savepoint },
    problems: ['not-found', 'savepoint-in-use'],
    permission: 'savepoints:delete',
  },
  judgeSavepoint: {
    method: 'GET',
    path: `${ofSavepoint}/compatibility`,
    summary: 'Tell whether a version of the application can begin from a savepoint',
    tag,
    params: z.object(savepoint),
    query: z.object({
      /** That of the deployment when absent. */
      version: z.coerce.number().int().min(1).optional(),
    }),
    success: { status: 200, body: Verdict },
    problems: ['not-found', 'savepoint-incomplete'],
    permission: 'savepoints:read',
  },
  listSavepointObjects: {
    method: 'GET',
    path: `${ofSavepoint}/objects`,
    summary: 'List the objects of a savepoint with addresses to download them from, as an export does',
    tag,
    params: z.object(savepoint),
    query: SavepointObjectsQuery,
    success: { status: 200, body: SavepointObjects },
    problems: ['not-found', 'savepoint-incomplete'],
    permission: 'savepoints:export',
  },
  importSavepoint: {
    method: 'POST',
    path: `${savepoints}/imports`,
    summary: 'Begin the import of an exported savepoint; its objects are uploaded next',
    tag,
    params: z.object(deployment),
    body: SavepointInput,
    success: { status: 201, body: Savepoint },
    problems: ['not-found'],
    permission: 'savepoints:create',
  },
  createSavepointUploads: {
    method: 'POST',
    path: `${ofSavepoint}/uploads`,
    summary: 'Get addresses to upload objects of an imported savepoint to',
    tag,
    params: z.object(savepoint),
    body: SavepointUploadsInput,
    success: { status: 201, body: SavepointUploads },
    problems: ['not-found', 'savepoint-in-use'],
    permission: 'savepoints:create',
  },
  completeSavepointImport: {
    method: 'POST',
    path: `${ofSavepoint}/complete`,
    summary: 'End an import: the savepoint counts from now on, if all of it was uploaded',
    tag,
    params: z.object(savepoint),
    body: z.strictObject({}),
    success: { status: 200, body: Savepoint },
    problems: ['not-found', 'savepoint-in-use', 'savepoint-incomplete'],
    permission: 'savepoints:create',
  },
} as const satisfies Record<string, Route>;
