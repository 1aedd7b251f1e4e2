/** Every command, in the order of the help. */
import type { Command } from '../command.ts';
import { deleteApplication } from './application/delete.ts';
import { diffVersions } from './application/diff.ts';
import { getApplication } from './application/get.ts';
import { labelVersion } from './application/label.ts';
import { listApplications } from './application/list.ts';
import { pushCommand } from './application/push.ts';
import { retireVersion } from './application/retire.ts';
import { getVersion } from './application/version.ts';
import { listVersions } from './application/versions.ts';
import { cancelDeployment } from './deployment/cancel.ts';
import { listDeadLetters } from './dead-letter/list.ts';
import { replayDeadLetters } from './dead-letter/replay.ts';
import { deleteDeployment } from './deployment/delete.ts';
import { drainDeployment } from './deployment/drain.ts';
import { undeleteDeployment } from './deployment/undelete.ts';
import { createDeployment } from './deployment/create.ts';
import { getDeployment } from './deployment/get.ts';
import { listCaptures } from './deployment/captures.ts';
import { forkDeployment } from './deployment/fork.ts';
import { listDeployments } from './deployment/list.ts';
import { deploymentMetrics } from './deployment/metrics.ts';
import { migrateDeployment } from './deployment/migrate.ts';
import { promoteDeployment } from './deployment/promote.ts';
import { resetDeployment } from './deployment/reset.ts';
import { restartDeployment } from './deployment/restart.ts';
import { rollbackDeployment } from './deployment/rollback.ts';
import { upgradeDeployment } from './deployment/upgrade.ts';
import { rescaleDeployment } from './deployment/rescale.ts';
import { startDeployment } from './deployment/start.ts';
import { suspendDeployment } from './deployment/suspend.ts';
import { updateDeployment } from './deployment/update.ts';
import { dev } from './dev.ts';
import { events } from './events.ts';
import { listFaults } from './job/faults.ts';
import { getJob } from './job/get.ts';
import { listJobs } from './job/list.ts';
import { grantAccess } from './access/grant.ts';
import { listAccess } from './access/list.ts';
import { revokeAccess } from './access/revoke.ts';
import { listAudit } from './audit/list.ts';
import { createNamespace } from './namespace/create.ts';
import { deleteNamespace } from './namespace/delete.ts';
import { getNamespace } from './namespace/get.ts';
import { listNamespaces } from './namespace/list.ts';
import { updateNamespace } from './namespace/update.ts';
import { cancelOperation } from './operation/cancel.ts';
import { getOperation } from './operation/get.ts';
import { listOperations } from './operation/list.ts';
import { waitOperation } from './operation/wait.ts';
import { createRole } from './role/create.ts';
import { deleteRole } from './role/delete.ts';
import { listRoles } from './role/list.ts';
import { updateRole } from './role/update.ts';
import { createSavepoint } from './savepoint/create.ts';
import { deleteSavepoint } from './savepoint/delete.ts';
import { savepointCompatibility } from './savepoint/compatibility.ts';
import { releaseSavepoint } from './savepoint/release.ts';
import { holdSavepoint } from './savepoint/hold.ts';
import { undeleteSavepoint } from './savepoint/undelete.ts';
import { purgeSavepoint } from './savepoint/purge.ts';
import { describeSavepoint } from './savepoint/describe.ts';
import { exportSavepoint } from './savepoint/export.ts';
import { getSavepoint } from './savepoint/get.ts';
import { importSavepoint } from './savepoint/import.ts';
import { listSavepoints } from './savepoint/list.ts';
import { getState } from './state/get.ts';
import { listState } from './state/list.ts';
import { test } from './test.ts';
import { createWebhook } from './webhook/create.ts';
import { deleteWebhook } from './webhook/delete.ts';
import { webhookDeliveries } from './webhook/deliveries.ts';
import { enableWebhook } from './webhook/enable.ts';
import { getWebhook } from './webhook/get.ts';
import { listWebhooks } from './webhook/list.ts';
import { testWebhook } from './webhook/test.ts';
import { createToken } from './token/create.ts';
import { listTokens } from './token/list.ts';
import { revokeToken } from './token/revoke.ts';
import { rotateToken } from './token/rotate.ts';
import { applyDeployment } from './deployment/apply.ts';
import { listRevisions } from './deployment/revisions.ts';
import { diffRevisions } from './deployment/diff.ts';
import { revertDeployment } from './deployment/revert.ts';
import { getDefaults } from './defaults/get.ts';
import { setDefaults } from './defaults/set.ts';
import { listTargets } from './target/list.ts';
import { getTarget } from './target/get.ts';
import { createTarget } from './target/create.ts';
import { updateTarget } from './target/update.ts';
import { deleteTarget } from './target/delete.ts';
import { setSecret } from './secret/set.ts';
import { listSecrets } from './secret/list.ts';
import { deleteSecret } from './secret/delete.ts';

export const commands: readonly Command[] = [
  dev,
  test,
  listNamespaces,
  getNamespace,
  createNamespace,
  updateNamespace,
  deleteNamespace,
  listApplications,
  getApplication,
  listVersions,
  getVersion,
  diffVersions,
  labelVersion,
  retireVersion,
  deleteApplication,
  pushCommand,
  listDeployments,
  getDeployment,
  listCaptures,
  forkDeployment,
  createDeployment,
  updateDeployment,
  applyDeployment,
  listRevisions,
  diffRevisions,
  revertDeployment,
  startDeployment,
  upgradeDeployment,
  promoteDeployment,
  rollbackDeployment,
  restartDeployment,
  resetDeployment,
  migrateDeployment,
  rescaleDeployment,
  suspendDeployment,
  drainDeployment,
  cancelDeployment,
  deleteDeployment,
  undeleteDeployment,
  deploymentMetrics,
  createSavepoint,
  listSavepoints,
  getSavepoint,
  describeSavepoint,
  exportSavepoint,
  importSavepoint,
  deleteSavepoint,
  savepointCompatibility,
  releaseSavepoint,
  holdSavepoint,
  undeleteSavepoint,
  purgeSavepoint,
  listState,
  getState,
  listJobs,
  getJob,
  listFaults,
  listDeadLetters,
  replayDeadLetters,
  events,
  listOperations,
  getOperation,
  waitOperation,
  cancelOperation,
  listWebhooks,
  getWebhook,
  createWebhook,
  testWebhook,
  webhookDeliveries,
  enableWebhook,
  deleteWebhook,
  createToken,
  listTokens,
  rotateToken,
  revokeToken,
  listRoles,
  createRole,
  updateRole,
  deleteRole,
  listAccess,
  grantAccess,
  revokeAccess,
  listAudit,
  getDefaults,
  setDefaults,
  listTargets,
  getTarget,
  createTarget,
  updateTarget,
  deleteTarget,
  setSecret,
  listSecrets,
  deleteSecret,
];
