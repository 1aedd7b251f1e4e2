import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OperatorContract } from './operator-contract.contract.ts';
import type { ScriptRecord } from './operator-script.contract.ts';

/** A call whose answer is there at once for one record and takes some turns for another. */
async function call(record: ScriptRecord): Promise<ScriptRecord> {
  for (let turns = record.n % 3; turns > 0; turns--) {
    await nextTurn();
  }
  return { ...record, n: 2 * record.n };
}

/** Event time in mid-stream, and calls to the outside world. */
export const callContracts: readonly OperatorContract[] = [
  {
    name: 'assignTime',
    build: (records) => records.assignTime({ time: (record) => record.id * 100, watermark: '1 second' }),
  },
  {
    name: 'asyncMap in order',
    waits: true,
    blocks: false,
    anyOrderAcrossSubtasks: true,
    build: (records) => records.asyncMap('op', { call, capacity: 5 }),
  },
  {
    name: 'asyncMap out of order',
    waits: true,
    blocks: false,
    anyOrderAcrossSubtasks: true,
    // Answers of one key may pass each other.
    keyOf: (value) => (value as ScriptRecord).id,
    build: (records) => records.asyncMap('op', { call, capacity: 7, order: 'unordered' }),
  },
  {
    name: 'asyncFlatMap',
    waits: true,
    blocks: false,
    anyOrderAcrossSubtasks: true,
    build: (records) =>
      records.asyncFlatMap('op', {
        capacity: 3,
        call: async (record) => (record.n % 2 === 0 ? [record, await call(record)] : []),
      }),
  },
];
