/** Names of the events in a deployment's log: what happened, in the past tense. */
import * as z from 'zod';

export const EventName = z
  .enum([
    'deployment-created',
    'deployment-changed',
    'deployment-deleted',
    'deployment-undeleted',
    'deployment-purged',
    'deployment-forked',
    'state-changed',
    'operation-queued',
    'operation-accepted',
    'operation-cancelled',
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
    'savepoint-deleted',
    'savepoint-restored',
    'savepoint-held',
    'savepoint-released',
    'checkpoint-kept',
    'upgrade-gate-passed',
    'upgrade-gate-missed',
    'upgrade-rolled-back',
    'condition-raised',
    'condition-cleared',
    'job-rescaled',
    'dead-letters-replayed',
    'task-lost',
    'leftover-task-stopped',
  ])
  .meta({ id: 'EventName' });
export type EventName = z.infer<typeof EventName>;
