/** The entry of a slot's thread in tests: what the worker's main module is in a running platform. */
import { parentPort, workerData } from 'node:worker_threads';
import { runSlot, slotDataOf } from './slot-thread.ts';
import { machineScheduler } from './machine.fixture.ts';

const data = slotDataOf(workerData);
if (data !== undefined && parentPort !== null) {
  await runSlot(data, {
    ...machineScheduler,
    random: Math.random,
    environment: process.env,
    port: parentPort,
  });
}
