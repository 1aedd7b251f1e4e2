/** The engine's own words about faults, turned into those of the API. */
import * as z from 'zod';
import type { DeadLetter, Fault, FaultGroup, FaultList } from '#contract/resources/faults.ts';
import { Failure } from '#contract/resources/job.ts';

const EngineFault = Failure.omit({ reason: true, at: true }).extend({ atMs: z.number(), name: z.string() });

const EngineGroup = z.object({
  fingerprint: z.string(),
  name: z.string(),
  message: z.string(),
  operator: z.string().optional(),
  count: z.int(),
  firstAtMs: z.number(),
  lastAtMs: z.number(),
});

const EngineFaults = z.object({
  faults: z.array(EngineFault),
  firstFault: EngineFault.optional(),
  faultGroups: z.array(EngineGroup),
});

const EngineDeadLetters = z.object({
  records: z.array(
    z.object({
      id: z.string(),
      status: z.enum(['set-aside', 'replay']),
      setAsideAtMs: z.number(),
      eventTimeMs: z.number().optional(),
      fault: EngineFault,
    }),
  ),
});

/** No faults, for a deployment without a job, or with one of another engine. */
export const noFaults: FaultList = { groups: [], faults: [], first: null };

/** What a job answers about its faults; none where it answers something else. */
export function faultList(answer: unknown): FaultList {
  const parsed = EngineFaults.safeParse(answer);
  if (!parsed.success) return noFaults;
  const { faults, firstFault, faultGroups } = parsed.data;
  return {
    groups: faultGroups.map(groupOf),
    faults: faults.map(faultOf),
    first: firstFault === undefined ? null : faultOf(firstFault),
  };
}

/** What a job answers about the records that it has set aside. */
export function deadLetters(answer: unknown): DeadLetter[] {
  const parsed = EngineDeadLetters.safeParse(answer);
  if (!parsed.success) return [];
  return parsed.data.records.map(({ id, status, setAsideAtMs, eventTimeMs, fault }) => ({
    id,
    status,
    setAsideAt: timeOf(setAsideAtMs),
    ...(eventTimeMs === undefined ? {} : { eventTime: timeOf(eventTimeMs) }),
    fault: faultOf(fault),
  }));
}

function groupOf({ firstAtMs, lastAtMs, ...group }: z.infer<typeof EngineGroup>): FaultGroup {
  return { ...group, firstAt: timeOf(firstAtMs), lastAt: timeOf(lastAtMs) };
}

function faultOf({ atMs, name, ...fault }: z.infer<typeof EngineFault>): Fault {
  return { ...fault, reason: name, at: timeOf(atMs) };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
