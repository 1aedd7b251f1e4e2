/** Rows of the route table about savepoints. */
import * as z from 'zod';
import { Ulid } from '../resources/metadata.ts';
import { Operation, Plan } from '../resources/operation.ts';
import { Savepoint, SavepointInput } from '../resources/savepoint.ts';
import { SavepointContents } from '../resources/savepoint-contents.ts';
import {
  SavepointObjects,
  SavepointObjectsQuery,
  SavepointUploads,
  SavepointUploadsInput,
} from '../resources/savepoint-transfer.ts';
import { DryRun, pageOf, Paging } from './page.ts';
import { deployment, ofDeployment } from './paths.ts';
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
    query: Paging,
    success: { status: 200, body: pageOf('SavepointPage', Savepoint) },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'savepoints:read',
  },
  createSavepoint: {
    method: 'POST',
    path: savepoints,
    summary: 'Take a savepoint while the stream flows on',
    tag,
    params: z.object(deployment),
    query: DryRun,
    body: SavepointInput,
    success: { status: 202, alsoStatus: 200, body: z.union([Operation, Plan]) },
    problems: ['not-found', 'verb-not-allowed', 'operation-in-progress', 'idempotency-key-reused'],
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
    summary: 'Delete a savepoint, with all data that nothing else refers to',
    tag,
    params: z.object(savepoint),
    success: { status: 200, body: Savepoint },
    problems: ['not-found', 'operation-in-progress', 'savepoint-in-use'],
    permission: 'savepoints:delete',
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
