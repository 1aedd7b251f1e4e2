/** Savepoints that the clock asks for: begun as operations like any other. */
import type { Deployment } from '#contract/resources/deployment.ts';
import { planOf } from '../control/decide-operation.ts';
import { newEvent } from '../control/new-event.ts';
import { dueSlots, firstSlots } from '../control/schedule.ts';
import type { DueSlot } from '../control/schedule.ts';
import type { Platform } from '../middleware/platform.ts';
import { acceptOperation } from '../operations/accept-operation.ts';
import { WriteConflict } from '../stores/database.ts';
import type { ScheduleSlots } from '../stores/schedule-slots.ts';

const ACTOR = 'system:schedule';
/** Deployments that are looked at together. */
const AT_ONCE = 20;

/** Begins what is due on every deployment with a running job; one that is busy is asked again in a minute. */
export async function scheduleSavepoints(platform: Platform): Promise<void> {
  const jobs = await platform.stores.jobs.live();
  for (let start = 0; start < jobs.length; start += AT_ONCE) {
    await Promise.all(
      jobs.slice(start, start + AT_ONCE).map(async ({ namespace, deployment: name }) => {
        const deployment = await platform.stores.deployments.get(namespace, name);
        if (deployment === undefined || deployment.spec.savepoints.schedule.length === 0) return;
        await scheduleOf(platform, deployment);
      }),
    );
  }
}

async function scheduleOf(platform: Platform, deployment: Deployment): Promise<void> {
  const { stores } = platform;
  const { savepoints: policy } = deployment.spec;
  const nowMs = platform.now().getTime();
  const slots = await stores.scheduleSlots.get(deployment.id);
  const first = firstSlots(policy, slots, nowMs);
  if (first !== undefined) await stores.commit([stores.scheduleSlots.written(deployment.id, first)]);
  const [due] = dueSlots(policy, first ?? slots, nowMs);
  if (due === undefined || deployment.status.state !== 'running') return;
  if (deployment.status.operationId !== null) return putOff(platform, deployment, { due, slots });
  try {
    await acceptOperation(platform, deployment, {
      plan: planOf('savepoint', deployment.name),
      actor: ACTOR,
      description: `${due.rule.every}, ${due.slot}`,
      schedule: due.rule.every,
      writes: [stores.scheduleSlots.written(deployment.id, { ...slots, [due.rule.every]: due.slot })],
    });
  } catch (error) {
    // Somebody else began an operation at this moment.
    if (!(error instanceof WriteConflict)) throw error;
  }
}

/** Said once for each time, and not where it only waits for the savepoint of another rule. */
async function putOff(
  { stores, now, newId }: Platform,
  { id, namespace, name, status }: Deployment,
  { due, slots }: { readonly due: DueSlot; readonly slots: ScheduleSlots },
): Promise<void> {
  const mark = `put-off ${due.rule.every}`;
  const operation = status.operationId === null ? undefined : await stores.operations.get(status.operationId);
  if (operation === undefined || operation.actor === ACTOR || slots[mark] === due.slot) return;
  const event = newEvent(
    {
      id: newId(),
      at: now().toISOString(),
      actor: ACTOR,
      namespace,
      deployment: name,
      deploymentId: id,
    },
    {
      name: 'savepoint-put-off',
      severity: 'warning',
      message: `The savepoint of ${due.slot} (every ${due.rule.every}) waits for operation ${operation.id} (${operation.kind}).`,
      operationId: operation.id,
    },
  );
  await stores.commit([
    stores.scheduleSlots.written(id, { ...slots, [mark]: due.slot }),
    stores.events.appended(event),
  ]);
}
