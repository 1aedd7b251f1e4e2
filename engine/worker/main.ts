/** The process of one job: on its main thread the coordinator with its REST API, on every other thread one slot. */
import { setSourceMapsSupport } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { runSlot, slotDataOf } from '../runtime/slot-thread.ts';
import { nodeScheduler } from './node-scheduler.ts';
import { provideModules } from './provided-modules.ts';
import { measureThread } from './thread-figures.ts';
import { maskOutput } from './mask-output.ts';
import { runWorker } from './run-worker.ts';

// Before the application's bundle is imported: its map makes stack traces name lines that its author wrote.
setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
provideModules();
const slot = slotDataOf(workerData);
if (slot !== undefined && parentPort !== null) {
  await runSlot(slot, {
    ...nodeScheduler(),
    random: () => Math.random(),
    environment: process.env,
    figures: measureThread(),
    port: parentPort,
  });
} else {
  const exitCode = await runWorker({
    // The slots run this very file, which may be one bundle on the disk of a container.
    entry: new URL(import.meta.url),
    environment: process.env,
    write: (line) => process.stdout.write(line),
    // Also of what programs print themselves, in whatever thread.
    hide(mask) {
      maskOutput(process.stdout, mask);
      maskOutput(process.stderr, mask);
    },
    onTerminate(handler) {
      process.once('SIGTERM', handler);
      process.once('SIGINT', handler);
    },
  });
  // The last lines are on their way into a pipe, and `exit` would cut them off.
  process.stdout.write('', () => process.exit(exitCode));
}
