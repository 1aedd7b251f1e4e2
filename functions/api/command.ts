/** The function `command`: every route that changes something. A route without a handler does not compile. */
import type { Route } from '#contract/api/route.ts';
import type { Routes } from '#contract/api/routes.ts';
import { apiHandler } from '../middleware/api-handler.ts';
import type { Handler } from '../middleware/call.ts';
import { cancelOperation } from './cancel-operation.ts';
import { callFlinkApi } from './call-flink-api.ts';
import { cancelDeployment } from './cancel-deployment.ts';
import { completeSavepointImport } from './complete-savepoint-import.ts';
import { completeUpload } from './complete-upload.ts';
import { createApplicationVersion } from './create-application-version.ts';
import { createApplication } from './create-application.ts';
import { createDeployment } from './create-deployment.ts';
import { createNamespace } from './create-namespace.ts';
import { createSavepoint } from './create-savepoint.ts';
import { createSavepointUploads } from './create-savepoint-uploads.ts';
import { createWebhook } from './create-webhook.ts';
import { createUpload } from './create-upload.ts';
import { createOperations } from './create-operations.ts';
import { deleteDeployment } from './delete-deployment.ts';
import { deleteApplicationVersion } from './delete-application-version.ts';
import { deleteApplication } from './delete-application.ts';
import { deleteSavepoint } from './delete-savepoint.ts';
import { releaseSavepoint } from './release-savepoint.ts';
import { forkDeployment } from './fork-deployment.ts';
import { holdSavepoint } from './hold-savepoint.ts';
import { undeleteSavepoint } from './undelete-savepoint.ts';
import { deleteWebhook } from './delete-webhook.ts';
import { drainDeployment } from './drain-deployment.ts';
import { importSavepoint } from './import-savepoint.ts';
import { patchFlinkApi } from './patch-flink-api.ts';
import { replaceDeployment } from './replace-deployment.ts';
import { replayDeadLetters } from './replay-dead-letters.ts';
import { migrateDeployment } from './migrate-deployment.ts';
import { promoteDeployment } from './promote-deployment.ts';
import { resetDeployment } from './reset-deployment.ts';
import { restartDeployment } from './restart-deployment.ts';
import { rollbackDeployment } from './rollback-deployment.ts';
import { upgradeDeployment } from './upgrade-deployment.ts';
import { rescaleDeployment } from './rescale-deployment.ts';
import { startDeployment } from './start-deployment.ts';
import { suspendDeployment } from './suspend-deployment.ts';
import { testWebhook } from './test-webhook.ts';
import { undeleteDeployment } from './undelete-deployment.ts';
import { updateApplicationVersion } from './update-application-version.ts';
import { updateApplication } from './update-application.ts';
import { updateDeployment } from './update-deployment.ts';
import { updateWebhook } from './update-webhook.ts';
import { updateNamespace } from './update-namespace.ts';
import { createRole } from './create-role.ts';
import { updateRole } from './update-role.ts';
import { deleteRole } from './delete-role.ts';
import { createRoleBinding } from './create-role-binding.ts';
import { deleteRoleBinding } from './delete-role-binding.ts';
import { createToken } from './create-token.ts';
import { rotateToken } from './rotate-token.ts';
import { revokeToken } from './revoke-token.ts';
import { deleteNamespace } from './delete-namespace.ts';
import { revertDeployment } from './revert-deployment.ts';
import { replaceGlobalDefaults } from './replace-global-defaults.ts';
import { updateGlobalDefaults } from './update-global-defaults.ts';
import { replaceNamespaceDefaults } from './replace-namespace-defaults.ts';
import { updateNamespaceDefaults } from './update-namespace-defaults.ts';
import { createTarget } from './create-target.ts';
import { replaceTarget } from './replace-target.ts';
import { updateTarget } from './update-target.ts';
import { deleteTarget } from './delete-target.ts';
import { setSecret } from './set-secret.ts';
import { deleteSecret } from './delete-secret.ts';

type CommandId = {
  [Id in keyof Routes]: Routes[Id]['method'] extends Exclude<Route['method'], 'GET'> ? Id : never;
}[keyof Routes];

export const commands: Readonly<Record<CommandId, Handler>> = {
  createNamespace,
  updateNamespace,
  createApplication,
  updateApplication,
  deleteApplication,
  createUpload,
  completeUpload,
  createApplicationVersion,
  updateApplicationVersion,
  deleteApplicationVersion,
  createDeployment,
  replaceDeployment,
  updateDeployment,
  startDeployment,
  suspendDeployment,
  cancelDeployment,
  upgradeDeployment,
  promoteDeployment,
  rollbackDeployment,
  restartDeployment,
  resetDeployment,
  migrateDeployment,
  drainDeployment,
  deleteDeployment,
  undeleteDeployment,
  createOperations,
  createWebhook,
  updateWebhook,
  deleteWebhook,
  testWebhook,
  cancelOperation,
  rescaleDeployment,
  replayDeadLetters,
  createSavepoint,
  deleteSavepoint,
  forkDeployment,
  undeleteSavepoint,
  holdSavepoint,
  releaseSavepoint,
  importSavepoint,
  createSavepointUploads,
  completeSavepointImport,
  callFlinkApi,
  patchFlinkApi,
  createRole,
  updateRole,
  deleteRole,
  createRoleBinding,
  deleteRoleBinding,
  createToken,
  rotateToken,
  revokeToken,
  deleteNamespace,
  revertDeployment,
  replaceGlobalDefaults,
  updateGlobalDefaults,
  replaceNamespaceDefaults,
  updateNamespaceDefaults,
  createTarget,
  replaceTarget,
  updateTarget,
  deleteTarget,
  setSecret,
  deleteSecret,
};

export const handler = apiHandler(commands);
