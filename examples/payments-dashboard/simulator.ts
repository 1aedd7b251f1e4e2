/** Sends simulated payments to the stream until it is told to stop. */
import { setTimeout as sleep } from 'node:timers/promises';
import { cursorTable } from './simulation/cursor-table.ts';
import { Emitter } from './simulation/emitter.ts';
import { kinesisStream } from './simulation/kinesis-stream.ts';
import { createSimulation } from './simulation/simulation.ts';
import { readSimulatorOptions } from './simulation/simulator-options.ts';

const options = readSimulatorOptions(process.env);
const emitter = new Emitter({
  simulation: createSimulation(options),
  stream: kinesisStream(options.stream),
  cursors: cursorTable(options.cursorTable, options.cursorId),
  now: Date.now,
  sleep,
  warn: (error) => {
    console.warn(JSON.stringify({ level: 'warn', message: 'sending failed', error: String(error) }));
  },
  ...(options.count !== undefined && { count: options.count }),
  ...(options.startAt !== undefined && { startAt: options.startAt }),
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => emitter.stop());

await emitter.run();
// Open connections of the clients would keep the process alive.
process.exit(0);
