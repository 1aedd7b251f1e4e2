import { FLINK_VERSION } from './rest-context.ts';
import type { RestContext, WorkerResources } from './rest-context.ts';
import { RestError } from './rest-error.ts';
import type { RestReply, RestRequest } from './router.ts';

// Views of the job are made anew for each request, so a client may ask as often as it likes.
const REFRESH_INTERVAL_MS = 1000;
const TASK_MANAGER_ID = 'worker';
const MEGABYTE = 1024 * 1024;

export function configView(context: RestContext): object {
  return {
    'refresh-interval': REFRESH_INTERVAL_MS,
    'timezone-name': 'Coordinated Universal Time',
    'timezone-offset': 0,
    'flink-version': FLINK_VERSION,
    'flink-revision': context.revision,
    features: { 'web-submit': false, 'web-cancel': true, 'web-rescale': false, 'web-history': false },
  };
}

export function overviewView(context: RestContext): object {
  const { state, parallelism } = context.job.status();
  const ended = state === 'FINISHED' || state === 'FAILED' || state === 'CANCELED';
  return {
    taskmanagers: 1,
    'slots-total': parallelism,
    'slots-available': ended ? parallelism : 0,
    'taskmanagers-blocked': 0,
    'slots-free-and-blocked': 0,
    'jobs-running': ended ? 0 : 1,
    'jobs-finished': Number(state === 'FINISHED'),
    'jobs-cancelled': Number(state === 'CANCELED'),
    'jobs-failed': Number(state === 'FAILED'),
    'flink-version': FLINK_VERSION,
    'flink-commit': context.revision,
  };
}

export function taskManagersView(context: RestContext): object {
  return { taskmanagers: [taskManager(context)] };
}

export function taskManagerView(context: RestContext, request: RestRequest): object {
  const id = request.parameters['taskmanagerid'];
  if (id !== TASK_MANAGER_ID) {
    throw new RestError(404, `Cannot find TaskManager "${id}": the only one is "${TASK_MANAGER_ID}"`);
  }
  const resources = context.resources();
  return {
    ...taskManager(context),
    allocatedSlots: [{ jobId: context.job.id, resource: resourceProfile(resources) }],
    metrics: {
      heapUsed: resources.heapUsedBytes,
      heapCommitted: resources.heapCommittedBytes,
      heapMax: resources.heapMaxBytes,
      garbageCollectors: [],
    },
  };
}

/** The worker in the words of a TaskManager; what only a JVM has is zero. */
function taskManager(context: RestContext): object {
  const resources = context.resources();
  const slots = context.job.status().parallelism;
  return {
    id: TASK_MANAGER_ID,
    path: TASK_MANAGER_ID,
    dataPort: -1,
    jmxPort: -1,
    timeSinceLastHeartbeat: context.clock.now(),
    slotsNumber: slots,
    freeSlots: 0,
    totalResource: resourceProfile(resources),
    freeResource: { ...resourceProfile(resources), cpuCores: 0 },
    hardware: {
      cpuCores: resources.cpus,
      physicalMemory: resources.memoryBytes,
      freeMemory: resources.freeMemoryBytes,
      managedMemory: 0,
    },
    memoryConfiguration: {
      frameworkHeap: 0,
      taskHeap: resources.heapMaxBytes,
      frameworkOffHeap: 0,
      taskOffHeap: 0,
      networkMemory: 0,
      managedMemory: 0,
      jvmMetaspace: 0,
      jvmOverhead: 0,
      totalFlinkMemory: resources.residentBytes,
      totalProcessMemory: resources.residentBytes,
    },
    blocked: false,
  };
}

function resourceProfile(resources: WorkerResources): object {
  return {
    cpuCores: resources.cpus,
    taskHeapMemory: Math.round(resources.heapMaxBytes / MEGABYTE),
    taskOffHeapMemory: 0,
    managedMemory: 0,
    networkMemory: 0,
    extendedResources: {},
  };
}

/** A job is what a deployment says it is; a graph serialized by Java could not run here anyway. */
export function refuseSubmission(): RestReply {
  throw new RestError(
    501,
    'Cannot submit a job: this engine runs the application of its deployment; push a version and start the deployment instead',
  );
}

export function healthView(context: RestContext): object {
  return { status: 'ok', job: context.job.status().state };
}
