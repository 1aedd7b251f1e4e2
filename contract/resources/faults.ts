import * as z from 'zod';
import { Timestamp } from './metadata.ts';
import { Failure } from './job.ts';

/** A fault of the running job that it has restarted from. */
export const Fault = Failure.meta({ id: 'Fault' });
export type Fault = z.infer<typeof Fault>;

/** Faults that are the same but for their record and the numbers in their message. */
export const FaultGroup = z
  .object({
    fingerprint: z.string(),
    /** Class of the error. */
    name: z.string(),
    /** Of the first one. */
    message: z.string(),
    operator: z.string().optional(),
    count: z.int(),
    firstAt: Timestamp,
    lastAt: Timestamp,
  })
  .meta({ id: 'FaultGroup' });
export type FaultGroup = z.infer<typeof FaultGroup>;

/** Newest first; empty where no job runs. */
export const FaultList = z
  .object({ groups: z.array(FaultGroup), faults: z.array(Fault), first: Fault.nullable() })
  .meta({ id: 'FaultList' });
export type FaultList = z.infer<typeof FaultList>;

/** A record over which the job failed again and again, and without which it goes on. */
export const DeadLetter = z
  .object({
    id: z.string(),
    /** `replay`: it is put in again wherever the state went without it. */
    status: z.enum(['set-aside', 'replay']),
    setAsideAt: Timestamp,
    eventTime: Timestamp.optional(),
    fault: Fault,
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetter = z.infer<typeof DeadLetter>;

export const DeadLetterList = z.object({ items: z.array(DeadLetter) }).meta({ id: 'DeadLetterList' });

export const ReplayInput = z
  .strictObject({ ids: z.array(z.string().min(1).max(200)).min(1).max(1000) })
  .meta({ id: 'ReplayInput' });

/** Records that are put in again; they leave the list when a checkpoint holds what came of them. */
export const Replay = z.object({ replayed: z.array(z.string()) }).meta({ id: 'Replay' });
