/** Which times of its schedule a deployment has had its savepoint for. */
import * as z from 'zod';
import type { Database, Write } from './database.ts';
import { readItem, written } from './database.ts';
import { keys } from './table.ts';

/** `every` of a rule → the newest time for which its savepoint was begun, ISO 8601. */
export const ScheduleSlots = z.record(z.string(), z.string());
export type ScheduleSlots = z.infer<typeof ScheduleSlots>;

/** Times by deployment. */
export interface ScheduleSlotStore {
  get(deploymentId: string): Promise<ScheduleSlots>;
  /** Without a condition: it is written together with the operation, whose deployment has one. */
  written(deploymentId: string, slots: ScheduleSlots): Write;
}

export function scheduleSlotStore(database: Database): ScheduleSlotStore {
  return {
    async get(deploymentId) {
      const found = await readItem(database, keys.slots(deploymentId));
      return found === undefined ? {} : ScheduleSlots.parse(found['slots']);
    },
    written: (deploymentId, slots) => written(database, 'slots', { ...keys.slots(deploymentId), slots }),
  };
}
