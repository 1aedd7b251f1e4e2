/** Paths of our own for a worker that waits until the job before it has ended. */
import type { RestContext, StandbyControl } from './rest-context.ts';
import { RestError } from './rest-error.ts';
import type { RestReply, RestRequest } from './router.ts';

/** How far it is. */
export function standbyView(context: RestContext): object {
  return controlOf(context).view();
}

/** `{ "location": … }`: reads a checkpoint or savepoint in advance; the view tells how that goes. */
export function preloadStandby(context: RestContext, { body }: RestRequest): RestReply {
  const standby = controlOf(context);
  standby.preload(body);
  return { status: 202, json: standby.view() };
}

/** `{ "epoch": …, "restore": … }`: makes it the job that runs. With the same epoch it may be asked again. */
export function beginStandby(context: RestContext, { body }: RestRequest): RestReply {
  const standby = controlOf(context);
  standby.begin(body);
  return { json: standby.view() };
}

function controlOf({ standby, job }: RestContext): StandbyControl {
  if (standby === undefined)
    throw new RestError(409, `Cannot prepare job ${job.id}: its worker is no standby and runs it already`);
  return standby;
}
