import type { Step } from './step.ts';

/** Marks the operation as running; the deployment was marked when the operation was accepted. */
export const beginOperation: Step = async ({ operation, at }) => ({
  message: `Begun for ${operation.actor}.`,
  change: { state: 'running', startedAt: operation.startedAt ?? at },
});
