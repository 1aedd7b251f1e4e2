/** The function `command`: every route that changes something. A route without a handler does not compile. */
import type { Route } from '#contract/api/route.ts';
import type { Routes } from '#contract/api/routes.ts';
import { apiHandler } from '../middleware/api-handler.ts';
import type { Handler } from '../middleware/call.ts';
import { callFlinkApi } from './call-flink-api.ts';
import { cancelDeployment } from './cancel-deployment.ts';
import { completeSavepointImport } from './complete-savepoint-import.ts';
import { createApplicationVersion } from './create-application-version.ts';
import { createApplication } from './create-application.ts';
import { createDeployment } from './create-deployment.ts';
import { createNamespace } from './create-namespace.ts';
import { createSavepoint } from './create-savepoint.ts';
import { createSavepointUploads } from './create-savepoint-uploads.ts';
import { createUpload } from './create-upload.ts';
import { deleteSavepoint } from './delete-savepoint.ts';
import { importSavepoint } from './import-savepoint.ts';
import { patchFlinkApi } from './patch-flink-api.ts';
import { replaceDeployment } from './replace-deployment.ts';
import { replayDeadLetters } from './replay-dead-letters.ts';
import { rescaleDeployment } from './rescale-deployment.ts';
import { startDeployment } from './start-deployment.ts';
import { suspendDeployment } from './suspend-deployment.ts';
import { updateApplication } from './update-application.ts';
import { updateDeployment } from './update-deployment.ts';
import { updateNamespace } from './update-namespace.ts';

type CommandId = {
  [Id in keyof Routes]: Routes[Id]['method'] extends Exclude<Route['method'], 'GET'> ? Id : never;
}[keyof Routes];

export const commands: Readonly<Record<CommandId, Handler>> = {
  createNamespace,
  updateNamespace,
  createApplication,
  updateApplication,
  createUpload,
  createApplicationVersion,
  createDeployment,
  replaceDeployment,
  updateDeployment,
  startDeployment,
  suspendDeployment,
  cancelDeployment,
  rescaleDeployment,
  replayDeadLetters,
  createSavepoint,
  deleteSavepoint,
  importSavepoint,
  createSavepointUploads,
  completeSavepointImport,
  callFlinkApi,
  patchFlinkApi,
};

export const handler = apiHandler(commands);
