/** The process of one job: on its main thread the coordinator with its REST API, on every other thread one slot. */
import { parentPort, workerData } from 'node:worker_threads';
import { runSlot, slotDataOf } from '../runtime/slot-thread.ts';
import { nodeScheduler } from './node-scheduler.ts';
import { provideModules } from './provided-modules.ts';
import { runWorker } from './run-worker.ts';

provideModules();
const slot = slotDataOf(workerData);
if (slot !== undefined && parentPort !== null) {
  await runSlot(slot, {
    ...nodeScheduler(),
    random: () => Math.random(),
    environment: process.env,
    port: parentPort,
  });
} else {
  const exitCode = await runWorker({
    entry: slotEntry(import.meta.url),
    environment: process.env,
    write: (line) => process.stdout.write(line),
    onTerminate(handler) {
      process.once('SIGTERM', handler);
      process.once('SIGINT', handler);
    },
  });
  // The last lines are on their way into a pipe, and `exit` would cut them off.
  process.stdout.write('', () => process.exit(exitCode));
}

/**
 * A module that runs this very file, which may be one bundle on the disk of a container.
 *
 * Threads inherit the options of the process, and a file cannot be the entry of one where `--input-type` is among
 * them, as it is in a container: the bootstrap came by `--eval`. A `data:` address can.
 */
function slotEntry(file: string): URL {
  return new URL(`data:text/javascript,await import(${encodeURIComponent(JSON.stringify(file))})`);
}
