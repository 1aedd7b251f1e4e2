/** Names of the events in a deployment's log: what happened, in the past tense. */
import * as z from 'zod';

export const EventName = z
  .enum([
    'deployment-created',
    'deployment-changed',
    'state-changed',
    'operation-accepted',
    'operation-succeeded',
    'operation-failed',
    'step-retried',
    'job-created',
    'attempt-started',
    'attempt-ended',
    'job-running',
    'job-ended',
    'savepoint-started',
    'savepoint-completed',
    'savepoint-failed',
    'savepoint-disposed',
    'job-rescaled',
    'dead-letters-replayed',
    'task-lost',
    'leftover-task-stopped',
  ])
  .meta({ id: 'EventName' });
export type EventName = z.infer<typeof EventName>;
