import type { EventName } from '#contract/event-names.ts';
import type { Event } from '#contract/resources/event.ts';

/** What happened, without when and where. */
export interface Happening {
  readonly name: EventName;
  /** A whole sentence that reads without the fields. */
  readonly message: string;
  readonly severity?: Event['severity'];
  readonly operationId?: string | null;
  readonly jobId?: string | null;
  readonly before?: string;
  readonly after?: string;
}

/** Where and when it happened, and who did it. */
export interface Occasion {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly namespace: string;
  readonly deployment: string;
  readonly deploymentId: string;
}

/** An entry for the log of a deployment. */
export function newEvent(occasion: Occasion, happening: Happening): Event {
  return {
    ...occasion,
    name: happening.name,
    severity: happening.severity ?? 'info',
    message: happening.message,
    operationId: happening.operationId ?? null,
    jobId: happening.jobId ?? null,
    before: happening.before ?? null,
    after: happening.after ?? null,
  };
}
