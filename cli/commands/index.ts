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
import { createDeployment } from './deployment/create.ts';
import { getDeployment } from './deployment/get.ts';
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
import { getOperation } from './operation/get.ts';
import { listOperations } from './operation/list.ts';
import { waitOperation } from './operation/wait.ts';
import { createRole } from './role/create.ts';
import { deleteRole } from './role/delete.ts';
import { listRoles } from './role/list.ts';
import { updateRole } from './role/update.ts';
import { createSavepoint } from './savepoint/create.ts';
import { deleteSavepoint } from './savepoint/delete.ts';
import { describeSavepoint } from './savepoint/describe.ts';
import { exportSavepoint } from './savepoint/export.ts';
import { getSavepoint } from './savepoint/get.ts';
import { importSavepoint } from './savepoint/import.ts';
import { listSavepoints } from './savepoint/list.ts';
import { getState } from './state/get.ts';
import { listState } from './state/list.ts';
import { test } from './test.ts';
import { createToken } from './token/create.ts';
import { listTokens } from './token/list.ts';
import { revokeToken } from './token/revoke.ts';
import { rotateToken } from './token/rotate.ts';

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
  createDeployment,
  updateDeployment,
  startDeployment,
  upgradeDeployment,
  promoteDeployment,
  rollbackDeployment,
  restartDeployment,
  resetDeployment,
  migrateDeployment,
  rescaleDeployment,
  suspendDeployment,
  cancelDeployment,
  deploymentMetrics,
  createSavepoint,
  listSavepoints,
  getSavepoint,
  describeSavepoint,
  exportSavepoint,
  importSavepoint,
  deleteSavepoint,
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
];
