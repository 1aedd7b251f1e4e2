/** The worker in the words of a TaskManager: a job has one. */
import type { RestContext, WorkerResources } from './rest-context.ts';
import { RestError } from './rest-error.ts';
import type { RestRequest } from './router.ts';

/** Its id in every view. */
export const TASK_MANAGER_ID = 'worker';
const MEGABYTE = 1024 * 1024;

/** Refuses paths of a TaskManager that is not there; other paths name none. */
export function checkTaskManager(request: RestRequest): void {
  const id = request.parameters['taskmanagerid'];
  if (id !== undefined && id !== TASK_MANAGER_ID)
    throw new RestError(404, `Cannot find TaskManager "${id}": the only one is "${TASK_MANAGER_ID}"`);
}

export function taskManagersView(context: RestContext): object {
  return { taskmanagers: [taskManager(context)] };
}

export function taskManagerView(context: RestContext, request: RestRequest): object {
  checkTaskManager(request);
  const resources = context.resources();
  const threads = [resources.coordinator, ...(context.job.status().threads ?? [])];
  return {
    ...taskManager(context),
    allocatedSlots: [{ jobId: context.job.id, resource: resourceProfile(resources) }],
    metrics: {
      heapUsed: resources.heapUsedBytes,
      heapCommitted: resources.heapCommittedBytes,
      heapMax: resources.heapMaxBytes,
      nonHeapUsed: 0,
      nonHeapCommitted: 0,
      nonHeapMax: 0,
      directCount: 0,
      directUsed: threads.reduce((sum, thread) => sum + (thread?.externalBytes ?? 0), 0),
      directMax: 0,
      mappedCount: 0,
      mappedUsed: 0,
      mappedMax: 0,
      nettyShuffleMemorySegmentsAvailable: 0,
      nettyShuffleMemorySegmentsUsed: 0,
      nettyShuffleMemorySegmentsTotal: 0,
      nettyShuffleMemoryAvailable: 0,
      nettyShuffleMemoryUsed: 0,
      nettyShuffleMemoryTotal: 0,
      garbageCollectors: [
        {
          name: 'V8',
          count: threads.reduce((sum, thread) => sum + (thread?.collections ?? 0), 0),
          time: threads.reduce((sum, thread) => sum + (thread?.collectionMs ?? 0), 0),
        },
      ],
    },
  };
}

/** What only a JVM has is zero. */
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
