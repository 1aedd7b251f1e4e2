/** Every path that is served; the first that fits wins, so literal segments stand before parameters. */
import { checkpointConfigView } from './checkpoint-config-view.ts';
import { checkpointSubtasksView } from './checkpoint-subtasks-view.ts';
import { checkpointDetailsView, checkpointsView } from './checkpoint-views.ts';
import {
  clientHeartbeat,
  configView,
  healthView,
  noFlameGraph,
  overviewView,
  refuseJars,
  refuseOldRescaling,
  refuseShutdown,
  refuseSubmission,
} from './cluster.ts';
import { exceptionsView } from './exception-views.ts';
import {
  jobConfigurationView,
  jobEnvironmentView,
  jobManagerConfigView,
  jobManagerEnvironmentView,
  logsView,
  logText,
  logUrlView,
  threadDumpView,
} from './jobmanager-views.ts';
import {
  accumulatorsView,
  executionResultView,
  jobConfigView,
  jobPlanView,
  jobStatusView,
  jobView,
  jobsOverviewView,
  jobsView,
} from './job-views.ts';
import {
  allJobsMetricsView,
  jobMetricsView,
  workerMetricsView,
  workersMetricsView,
  subtaskMetricsView,
  subtasksMetricsView,
  vertexMetricsView,
} from './metric-views.ts';
import { prometheusText } from './prometheus.ts';
import { changeResourceRequirements, resourceRequirementsView } from './resource-requirements.ts';
import { get } from './router.ts';
import type { RestRoute } from './router.ts';
import {
  cancelJob,
  checkpointTriggerStatus,
  disposalStatus,
  disposeSavepoint,
  savepointStatus,
  stopWithSavepoint,
  triggerCheckpoint,
  triggerSavepoint,
} from './savepoints.ts';
import { replayDeadLetters } from './replay-dead-letters.ts';
import { beginStandby, preloadStandby, standbyView } from './standby.ts';
import { statesView, stateView } from './state-views.ts';
import { taskManagersView, taskManagerView } from './task-manager.ts';
import {
  attemptView,
  backpressureView,
  subtaskAccumulatorsView,
  subtaskDetailView,
  subtaskTimesView,
  vertexAccumulatorsView,
  vertexTaskManagersView,
  vertexView,
  watermarksView,
} from './vertex-views.ts';

const clusterRoutes: readonly RestRoute[] = [
  get('config', configView),
  get('overview', overviewView),
  { method: 'DELETE', path: 'cluster', handle: refuseShutdown },
  get('jobmanager/config', jobManagerConfigView),
  get('jobmanager/environment', jobManagerEnvironmentView),
  get('jobmanager/metrics', workerMetricsView),
  ...processRoutes('jobmanager'),
  get('taskmanagers', taskManagersView),
  get('taskmanagers/metrics', workersMetricsView),
  get('taskmanagers/:taskmanagerid', taskManagerView),
  get('taskmanagers/:taskmanagerid/metrics', workerMetricsView),
  ...processRoutes('taskmanagers/:taskmanagerid'),
  { method: 'POST', path: 'jars/upload', handle: refuseJars },
  get('jars', refuseJars),
];

/** JobManager and TaskManager are one process here, and have one log. */
function processRoutes(path: string): readonly RestRoute[] {
  return [
    get(`${path}/logs`, logsView),
    { method: 'GET', path: `${path}/logs/:file`, handle: logText },
    { method: 'GET', path: `${path}/log`, handle: logText },
    { method: 'GET', path: `${path}/stdout`, handle: logText },
    get(`${path}/thread-dump`, threadDumpView),
  ];
}

const jobRoutes: readonly RestRoute[] = [
  get('jobs', jobsView),
  { method: 'POST', path: 'jobs', handle: refuseSubmission },
  get('jobs/overview', jobsOverviewView),
  get('jobs/metrics', allJobsMetricsView),
  get('jobs/:jobid', jobView),
  { method: 'PATCH', path: 'jobs/:jobid', handle: cancelJob },
  get('jobs/:jobid/status', jobStatusView),
  get('jobs/:jobid/config', jobConfigView),
  get('jobs/:jobid/plan', jobPlanView),
  get('jobs/:jobid/exceptions', exceptionsView),
  get('jobs/:jobid/execution-result', executionResultView),
  get('jobs/:jobid/metrics', jobMetricsView),
  get('jobs/:jobid/accumulators', accumulatorsView),
  get('jobs/:jobid/jobmanager/config', jobConfigurationView),
  get('jobs/:jobid/jobmanager/environment', jobEnvironmentView),
  get('jobs/:jobid/jobmanager/log-url', logUrlView),
  get('jobs/:jobid/taskmanagers/:taskmanagerid/log-url', logUrlView),
  get('jobs/:jobid/resource-requirements', resourceRequirementsView),
  {
    method: 'PUT',
    path: 'jobs/:jobid/resource-requirements',
    handle: changeResourceRequirements,
  },
  { method: 'PATCH', path: 'jobs/:jobid/rescaling', handle: refuseOldRescaling },
  { method: 'PATCH', path: 'jobs/:jobid/clientHeartbeat', handle: clientHeartbeat },
  get('headwater/standby', standbyView),
  { method: 'PUT', path: 'headwater/preload', handle: preloadStandby },
  { method: 'POST', path: 'headwater/begin', handle: beginStandby },
];

const stateRoutes: readonly RestRoute[] = [
  { method: 'POST', path: 'jobs/:jobid/stop', handle: stopWithSavepoint },
  { method: 'POST', path: 'jobs/:jobid/savepoints', handle: triggerSavepoint },
  get('jobs/:jobid/savepoints/:triggerid', savepointStatus),
  { method: 'POST', path: 'savepoint-disposal', handle: disposeSavepoint },
  get('savepoint-disposal/:triggerid', disposalStatus),
  { method: 'POST', path: 'jobs/:jobid/checkpoints', handle: triggerCheckpoint },
  get('jobs/:jobid/checkpoints', checkpointsView),
  get('jobs/:jobid/checkpoints/config', checkpointConfigView),
  get('jobs/:jobid/checkpoints/details/:checkpointid', checkpointDetailsView),
  get('jobs/:jobid/checkpoints/details/:checkpointid/subtasks/:vertexid', checkpointSubtasksView),
  get('jobs/:jobid/checkpoints/:triggerid', checkpointTriggerStatus),
];

const vertexRoutes: readonly RestRoute[] = [
  get('jobs/:jobid/vertices/:vertexid', vertexView),
  get('jobs/:jobid/vertices/:vertexid/metrics', vertexMetricsView),
  get('jobs/:jobid/vertices/:vertexid/jm-operator-metrics', vertexMetricsView),
  get('jobs/:jobid/vertices/:vertexid/accumulators', vertexAccumulatorsView),
  get('jobs/:jobid/vertices/:vertexid/subtasktimes', subtaskTimesView),
  get('jobs/:jobid/vertices/:vertexid/flamegraph', noFlameGraph),
  get('jobs/:jobid/vertices/:vertexid/watermarks', watermarksView),
  get('jobs/:jobid/vertices/:vertexid/backpressure', backpressureView),
  get('jobs/:jobid/vertices/:vertexid/taskmanagers', vertexTaskManagersView),
  get('jobs/:jobid/vertices/:vertexid/subtasks/metrics', subtasksMetricsView),
  get('jobs/:jobid/vertices/:vertexid/subtasks/accumulators', subtaskAccumulatorsView),
  get('jobs/:jobid/vertices/:vertexid/subtasks/:subtask', subtaskDetailView),
  get('jobs/:jobid/vertices/:vertexid/subtasks/:subtask/attempts/:attempt', attemptView),
  get('jobs/:jobid/vertices/:vertexid/subtasks/:subtask/metrics', subtaskMetricsView),
];

// What Flink has no word for.
const ownRoutes: readonly RestRoute[] = [
  get('health', healthView),
  { method: 'GET', path: 'metrics', handle: prometheusText },
  get('jobs/:jobid/state', statesView),
  get('jobs/:jobid/state/:operator/:state', stateView),
  get('headwater/undecodable', (context) => ({ records: context.job.status().undecodable })),
  get('headwater/faults', (context) => {
    const { faults, firstFault, faultGroups } = context.job.status();
    return { faults, firstFault, faultGroups };
  }),
  get('headwater/dead-letters', (context) => ({ records: context.job.status().deadLetters })),
  { method: 'POST', path: 'headwater/dead-letters/replay', handle: replayDeadLetters },
];

export const routes: readonly RestRoute[] = [
  ...clusterRoutes,
  ...jobRoutes,
  ...stateRoutes,
  ...vertexRoutes,
  ...ownRoutes,
];
