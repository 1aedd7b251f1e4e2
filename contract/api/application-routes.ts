/** Rows of the route table about applications and their versions. */
import * as z from 'zod';
import { Application, ApplicationInput, ApplicationPatch } from '../resources/application.ts';
import {
  ApplicationVersion,
  ApplicationVersionInput,
  ApplicationVersionPatch,
  CompletedUpload,
  Upload,
  UploadCompletion,
  UploadInput,
  VersionReference,
  VersionTag,
} from '../resources/application-version.ts';
import { Sha256 } from '../resources/metadata.ts';
import { VersionComparison } from '../resources/version-comparison.ts';
import { LabelFilter, pageOf, Paging } from './page.ts';
import { application, inNamespace, namespace, ofApplication } from './paths.ts';
import type { Route } from './route.ts';

const version = { ...application, version: VersionReference };
const ofVersion = `${ofApplication}/versions/{version}` as const;

export const applicationRoutes = {
  listApplications: {
    method: 'GET',
    path: `${inNamespace}/applications`,
    summary: 'List applications',
    tag: 'Applications',
    params: z.object(namespace),
    query: Paging.extend(LabelFilter.shape),
    success: { status: 200, body: pageOf('ApplicationPage', Application) },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'applications:read',
  },
  createApplication: {
    method: 'POST',
    path: `${inNamespace}/applications`,
    summary: 'Create an application',
    tag: 'Applications',
    params: z.object(namespace),
    body: ApplicationInput,
    success: { status: 201, body: Application },
    problems: ['not-found', 'already-exists'],
    permission: 'applications:write',
  },
  getApplication: {
    method: 'GET',
    path: ofApplication,
    summary: 'Get an application',
    tag: 'Applications',
    params: z.object(application),
    success: { status: 200, body: Application },
    problems: ['not-found'],
    permission: 'applications:read',
  },
  updateApplication: {
    method: 'PATCH',
    path: ofApplication,
    summary: 'Change an application',
    tag: 'Applications',
    params: z.object(application),
    body: ApplicationPatch,
    bodyType: 'application/merge-patch+json',
    success: { status: 200, body: Application },
    problems: ['not-found', 'precondition-required', 'revision-changed'],
    ifMatch: true,
    permission: 'applications:write',
  },
  deleteApplication: {
    method: 'DELETE',
    path: ofApplication,
    summary: 'Delete an application that has neither versions nor deployments',
    tag: 'Applications',
    params: z.object(application),
    success: { status: 200, body: Application },
    problems: ['not-found', 'application-in-use', 'revision-changed'],
    permission: 'applications:delete',
  },
  createUpload: {
    method: 'POST',
    path: `${ofApplication}/uploads`,
    summary: 'Get an address to upload a bundle to',
    tag: 'Applications',
    params: z.object(application),
    body: UploadInput,
    success: { status: 201, body: Upload },
    problems: ['not-found'],
    permission: 'applications:write',
  },
  completeUpload: {
    method: 'POST',
    path: `${ofApplication}/uploads/{sha256}/complete`,
    summary: 'Put the parts of an uploaded bundle together',
    tag: 'Applications',
    params: z.object({ ...application, sha256: Sha256 }),
    body: UploadCompletion,
    success: { status: 200, body: CompletedUpload },
    problems: ['not-found', 'bundle-mismatch'],
    permission: 'applications:write',
  },
  listApplicationVersions: {
    method: 'GET',
    path: `${ofApplication}/versions`,
    summary: 'List the versions of an application',
    tag: 'Applications',
    params: z.object(application),
    query: Paging.extend(LabelFilter.shape).extend({
      tag: VersionTag.optional(),
      /** Of a commit, as many characters as one knows. */
      commit: z
        .string()
        .regex(/^[0-9a-f]{4,64}$/, 'must be 4 to 64 lower-case hexadecimal characters')
        .optional(),
      retired: z.enum(['true', 'false']).optional(),
    }),
    success: { status: 200, body: pageOf('ApplicationVersionPage', ApplicationVersion) },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'applications:read',
  },
  createApplicationVersion: {
    method: 'POST',
    path: `${ofApplication}/versions`,
    summary: 'Register an uploaded bundle as a version; the same bundle gives the version that exists',
    tag: 'Applications',
    params: z.object(application),
    body: ApplicationVersionInput,
    success: { status: 201, alsoStatus: 200, body: ApplicationVersion },
    problems: ['not-found', 'bundle-mismatch', 'already-exists'],
    permission: 'applications:write',
  },
  getApplicationVersion: {
    method: 'GET',
    path: ofVersion,
    summary: 'Get a version of an application by its number or its tag',
    tag: 'Applications',
    params: z.object(version),
    success: { status: 200, body: ApplicationVersion },
    problems: ['not-found'],
    permission: 'applications:read',
  },
  updateApplicationVersion: {
    method: 'PATCH',
    path: ofVersion,
    summary: 'Tag, label or retire a version; what it holds never changes',
    tag: 'Applications',
    params: z.object(version),
    body: ApplicationVersionPatch,
    bodyType: 'application/merge-patch+json',
    success: { status: 200, body: ApplicationVersion },
    problems: ['not-found', 'already-exists', 'precondition-required', 'revision-changed'],
    ifMatch: true,
    permission: 'applications:write',
  },
  deleteApplicationVersion: {
    method: 'DELETE',
    path: ofVersion,
    summary: 'Delete a version that no deployment uses',
    tag: 'Applications',
    params: z.object(version),
    success: { status: 200, body: ApplicationVersion },
    problems: ['not-found', 'version-in-use', 'revision-changed'],
    permission: 'applications:delete',
  },
  compareApplicationVersions: {
    method: 'GET',
    path: `${ofVersion}/compare/{other}`,
    summary: 'Compare a version with another one, which state would go over to',
    tag: 'Applications',
    params: z.object({ ...version, other: VersionReference }),
    query: z.object({
      /** Operators that are called otherwise now, as `old:new`; repeatable. */
      rename: z
        .union([z.string(), z.array(z.string())])
        .transform((value) => (Array.isArray(value) ? value : [value]))
        .optional(),
      allowNonRestoredState: z.enum(['true', 'false']).default('false'),
    }),
    success: { status: 200, body: VersionComparison },
    problems: ['not-found'],
    permission: 'applications:read',
  },
} as const satisfies Record<string, Route>;
