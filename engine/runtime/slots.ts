import type { JobGraph } from '../graph/job-graph.ts';
import { schedulerOf, type Cancel, type Host, type SlotThread } from '../host.ts';
import { Refusal } from './coordinator/refusal.ts';
import { faultOf } from './fault.ts';
import { pulseOf } from './heart.ts';
import { maxParallelismOf } from './job-layout.ts';
import type { JobOptions } from './job-options.ts';
import type { JobPlan } from './job-plan.ts';
import { memoryOf } from './part-memory.ts';
import { Slot } from './slot.ts';
import { removeStorage, slotStorage } from './slot-storage.ts';
import type { SlotLink, SlotReport } from './slot-protocol.ts';
import type { SlotData } from './slot-thread.ts';
import { allocateMemory, localWiring, slotsOf } from './wiring.ts';

/** Above the time in which a service honestly answers a write; one that takes longer holds up no restart. */
const CLOSE_MS_MAX = 2000;

/** A job as far as its slots know it before they are opened. */
export type SlotOptions = Omit<JobOptions, 'epoch' | 'restore'>;

/** What slots are made from. */
export interface SlotsContext {
  readonly options: SlotOptions;
  readonly plan: JobPlan;
  readonly graph: JobGraph;
  readonly host: Host;
  readonly report: (slot: number, report: SlotReport) => void;
}

/** Starts the slots of one attempt, in threads of their own or in this one. */
export function startSlots(context: SlotsContext): readonly SlotLink[] {
  return context.options.threads ? threadSlots(context) : localSlots(context);
}

/**
 * Messages take a turn of the event loop as they do between threads, so that nobody calls back into who calls.
 */
function localSlots({ options, graph, host, report }: SlotsContext): readonly SlotLink[] {
  const slots: Slot[] = [];
  const wiring = localWiring((slot) => slots[slot]?.wake());
  let closed = false;
  for (let index = 0; index < slotsOf(graph); index += 1) {
    slots.push(
      new Slot({
        index,
        graph,
        wiring,
        host: {
          ...schedulerOf(host.slotScheduler?.(index) ?? host),
          random: () => host.random(),
          environment: host.environment,
          owner: options.prefix,
          storage: slotStorage(options, index, () => host.random()),
        },
        report: (message) => {
          host.defer(() => {
            if (!closed) report(index, message);
          });
        },
      }),
    );
  }
  for (const index of slots.keys()) host.defer(() => report(index, { type: 'ready' }));
  return slots.map((slot) => ({
    send: (command) => {
      host.defer(() => {
        if (!closed) slot.handle(command);
      });
    },
    terminate: () => {
      closed = true;
      return slot.close();
    },
  }));
}

function threadSlots(context: SlotsContext): readonly SlotLink[] {
  const memory = allocateMemory(context.graph);
  return Array.from({ length: slotsOf(context.graph) }, (_, slot) => threadSlot(context, { slot, memory }));
}

function threadSlot(
  { options, plan, graph, host, report }: SlotsContext,
  place: Pick<SlotData, 'slot' | 'memory'>,
): SlotLink {
  const { application, configuration, adjustments, parallelism, prefix } = options;
  if (!('module' in application))
    throw new Refusal(
      'Cannot run the job on threads: its application is an object of this thread; give its module',
    );
  if (host.spawnSlot === undefined)
    throw new Refusal('Cannot run the job on threads: its host cannot start any; run it with threads: false');
  const data: SlotData = {
    ...place,
    module: application.module,
    configuration,
    adjustments,
    parallelism,
    maxParallelism: maxParallelismOf(graph),
    graphHash: plan.graphHash,
    owner: prefix,
    storage: slotStorage(options, place.slot, () => host.random()),
  };
  const thread = host.spawnSlot(data, slotsOf(graph));
  thread.listen({
    // Threads of our own bundle speak our protocol.
    message: (message) => report(place.slot, message as SlotReport),
    died: (error) => {
      const fault = faultOf(error, { atMs: host.clock.now(), subtask: place.slot });
      report(place.slot, { type: 'failed', fault, fenced: false });
    },
  });
  return {
    send: (command) => thread.post(command, 'parts' in command ? memoryOf(command.parts) : []),
    terminate: async () => {
      await closedInTime(thread, host);
      await thread.terminate();
      removeStorage(data.storage);
    },
    pulse: () => pulseOf(place.memory.hearts, place.slot),
  };
}

/**
 * Epochs do not grow within a process, so no table could tell a write of this attempt from one of the next: those that
 * were sent are awaited, but not for ever, since a program may block its thread.
 */
async function closedInTime(thread: SlotThread, host: Host): Promise<void> {
  let cancel: Cancel | undefined;
  const overdue = new Promise<void>((resolve) => {
    cancel = host.schedule(CLOSE_MS_MAX, resolve);
  });
  await Promise.race([thread.close(), overdue]);
  cancel?.();
}
