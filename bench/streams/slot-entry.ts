/** The entry of a slot's thread in benchmarks: what the worker's main module is in a running platform. */
import { parentPort, workerData } from 'node:worker_threads';
import { runSlot, slotDataOf } from '../../engine/runtime/slot-thread.ts';
import { nodeScheduler } from '../../engine/worker/node-scheduler.ts';

const data = slotDataOf(workerData);
if (data !== undefined && parentPort !== null) {
  await runSlot(data, {
    ...nodeScheduler(),
    random: Math.random,
    environment: process.env,
    port: parentPort,
  });
}
