/** Every path that is served; the first that fits wins, so literal segments stand before parameters. */
import { checkpointConfigView, checkpointDetailsView, checkpointsView } from './checkpoint-views.ts';
import {
  configView,
  healthView,
  overviewView,
  refuseSubmission,
  taskManagerView,
  taskManagersView,
} from './cluster.ts';
import {
  exceptionsView,
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
  noMetricsView,
  subtaskMetricsView,
  subtasksMetricsView,
  vertexMetricsView,
} from './metric-views.ts';
import { prometheusText } from './prometheus.ts';
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
import {
  backpressureView,
  subtaskDetailView,
  vertexTaskManagersView,
  vertexView,
  watermarksView,
} from './vertex-views.ts';

const clusterRoutes: readonly RestRoute[] = [
  get('config', configView),
  get('overview', overviewView),
  get('taskmanagers', taskManagersView),
  get('taskmanagers/metrics', noMetricsView),
  get('taskmanagers/:taskmanagerid', taskManagerView),
];

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
  get('jobs/:jobid/checkpoints/:triggerid', checkpointTriggerStatus),
];

const vertexRoutes: readonly RestRoute[] = [
  get('jobs/:jobid/vertices/:vertexid', vertexView),
  get('jobs/:jobid/vertices/:vertexid/metrics', vertexMetricsView),
  get('jobs/:jobid/vertices/:vertexid/watermarks', watermarksView),
  get('jobs/:jobid/vertices/:vertexid/backpressure', backpressureView),
  get('jobs/:jobid/vertices/:vertexid/taskmanagers', vertexTaskManagersView),
  get('jobs/:jobid/vertices/:vertexid/subtasks/metrics', subtasksMetricsView),
  get('jobs/:jobid/vertices/:vertexid/subtasks/:subtask', subtaskDetailView),
  get('jobs/:jobid/vertices/:vertexid/subtasks/:subtask/metrics', subtaskMetricsView),
];

// What Flink has no word for.
const ownRoutes: readonly RestRoute[] = [
  get('health', healthView),
  { method: 'GET', path: 'metrics', handle: prometheusText },
  get('headwater/undecodable', (context) => ({ records: context.job.status().undecodable })),
  get('headwater/faults', (context) => {
    const { faults, firstFault } = context.job.status();
    return { faults, firstFault };
  }),
];

export const routes: readonly RestRoute[] = [
  ...clusterRoutes,
  ...jobRoutes,
  ...stateRoutes,
  ...vertexRoutes,
  ...ownRoutes,
];
