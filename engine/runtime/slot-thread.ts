import { Worker, type MessagePort, type ResourceLimits } from 'node:worker_threads';
import { schedulerOf, type Scheduler, type SlotThread } from '../host.ts';
import type { Adjustments } from './adjustments.ts';
import { faultOf } from './fault.ts';
import { heartOf } from './heart.ts';
import type { ThreadFigures } from './job-status.ts';
import { layOut, planJob } from './job-plan.ts';
import { memoryOf } from './part-memory.ts';
import type { Doorbell } from './slot-context.ts';
import { Slot } from './slot.ts';
import type { SlotCommand, SlotReport } from './slot-protocol.ts';
import type { SlotStorage } from './slot-storage.ts';
import { sharedWiring, type SharedMemory } from './wiring.ts';

/** What a slot's thread is started with; it crosses the border of threads as data. */
export interface SlotData {
  readonly slot: number;
  readonly module: string;
  readonly configuration: unknown;
  readonly adjustments?: Adjustments | undefined;
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly graphHash: string;
  readonly owner: string;
  readonly storage?: SlotStorage | undefined;
  readonly memory: SharedMemory;
}

/** What the thread of a slot needs of its surroundings. */
export interface SlotThreadHost extends Scheduler {
  random(): number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly port: MessagePort;
  /** What the thread measures of itself. */
  readonly figures?: () => ThreadFigures;
}

/** Heap of one slot's thread where nobody says what the machine has. */
const DEFAULT_HEAP_MB = 2048;

/**
 * The young generation would take 192 MB of address space and up to 48 MB of memory by itself; 16 MB cost nothing
 * measurable in the pipeline benchmark.
 */
function limitsOf(heapMb: number): ResourceLimits {
  return { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 16 };
}

/** The state and the records in hand of a slot do not fit into the heap of its thread. */
export class SlotOutOfMemoryError extends Error {
  override readonly name = 'SlotOutOfMemoryError';

  constructor(heapMb: number, cause: unknown) {
    super(
      `The thread of a slot needs more than its ${heapMb} MB of heap: give the deployment more memory, keep less state (a TTL), or keep it on disk (the disk backend)`,
      { cause },
    );
  }
}

/** The key in `workerData` by which an entry module knows that it is to run a slot. */
const SLOT_DATA = 'headwaterSlot';

/** The one message to a slot that is no command, and its answer: they are about the thread and not about records. */
const CLOSE = 'close-slot';
const CLOSED = 'slot-closed';

/** Starts a thread whose entry module hands its `workerData` to {@link runSlot}. */
export function startSlotThread(entry: URL, data: unknown, heapMb = DEFAULT_HEAP_MB): SlotThread {
  // Flags of the process are not the thread's: with `--input-type` it could not load a file.
  const worker = new Worker(entry, {
    workerData: { [SLOT_DATA]: data },
    resourceLimits: limitsOf(heapMb),
    execArgv: [],
  });
  // Set by whoever ends the thread first: its owner, or an error.
  let ended = false;
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  worker.once('exit', () => close());
  worker.on('message', (message) => {
    if (message === CLOSED) close();
  });
  return {
    post: (message, transfer) => worker.postMessage(message, transfer ?? []),
    listen: ({ message, died }) => {
      const end = (cause: Error) => {
        if (ended) return;
        ended = true;
        died(cause);
      };
      worker.on('message', (sent) => {
        if (sent !== CLOSED) message(sent);
      });
      worker.once('error', (error) => end(deathOf(error, heapMb)));
      worker.once('exit', (code) => end(new Error(`The thread of a slot ended with exit code ${code}`)));
    },
    close: () => {
      ended = true;
      worker.postMessage(CLOSE, []);
      return closed;
    },
    terminate: async () => {
      ended = true;
      await worker.terminate();
    },
  };
}

/** Why a thread ended: V8 stops one that is out of memory, and its process lives on. */
function deathOf(error: unknown, heapMb: number): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const full = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return full ? new SlotOutOfMemoryError(heapMb, error) : error;
}

/** The slot in `workerData`, or undefined in a thread that is none. */
export function slotDataOf(workerData: unknown): SlotData | undefined {
  if (typeof workerData !== 'object' || workerData === null || !(SLOT_DATA in workerData)) return undefined;
  // Put there by the coordinator of the same bundle.
  return workerData[SLOT_DATA] as SlotData;
}

/** Runs a slot in this thread until the coordinator terminates it. */
export async function runSlot(data: SlotData, host: SlotThreadHost): Promise<void> {
  const report = (message: SlotReport) => host.port.postMessage(message, transferOf(message));
  try {
    const { module, configuration, adjustments } = data;
    const plan = await planJob({ application: { module }, configuration, adjustments });
    if (plan.graphHash !== data.graphHash) {
      throw new Error(
        `Application "${plan.graph.application}" describes another graph on every thread: build() must depend on its configuration only`,
      );
    }
    const slot: Slot = new Slot({
      index: data.slot,
      graph: layOut(plan, data.parallelism, data.maxParallelism),
      host: {
        ...schedulerOf(host),
        random: () => host.random(),
        environment: host.environment,
        owner: data.owner,
        storage: data.storage,
        ...(host.figures === undefined ? {} : { figures: host.figures }),
      },
      wiring: sharedWiring(data.slot, data.memory, () => slot.wake()),
      doorbell: doorbell(data.memory.doorbells, data.slot),
      heart: heartOf(data.memory.hearts, data.slot),
      report,
    });
    host.port.on('message', (message: SlotCommand | typeof CLOSE) => {
      if (message === CLOSE) void slot.close().finally(() => host.port.postMessage(CLOSED, []));
      else slot.handle(message);
    });
    report({ type: 'ready' });
  } catch (error) {
    // Nothing runs here that would have to be closed.
    host.port.on('message', (message) => {
      if (message === CLOSE) host.port.postMessage(CLOSED, []);
    });
    report({
      type: 'failed',
      fault: faultOf(error, { atMs: host.clock.now(), subtask: data.slot }),
      fenced: false,
    });
  }
}

/** State moves to the coordinator without a copy. */
function transferOf(message: SlotReport): ArrayBuffer[] {
  return message.type === 'handed-parts' ? memoryOf(message.parts) : [];
}

function doorbell(memory: SharedArrayBuffer, slot: number): Doorbell {
  const bell = new Int32Array(memory);
  let seen = 0;
  let listening = false;
  return {
    observe: () => {
      seen = Atomics.load(bell, slot);
    },
    listen: (wake) => {
      // One wait at a time: the bell stays armed until it rings, however often the slot goes to sleep in
      // between.
      if (listening) return;
      const rung = Atomics.waitAsync(bell, slot, seen);
      if (!rung.async) {
        wake();
        return;
      }
      listening = true;
      void rung.value.then(() => {
        listening = false;
        wake();
      });
    },
  };
}
