/** What every part of the control plane works with: all that lies outside of it stands behind one of these ports. */
import { randomFillSync } from 'node:crypto';
import { ulid } from '#contract/id.ts';
import { announcing, invokeDelivery } from '../events/announce-events.ts';
import { gatewayCalls } from '../gateway/call-job.ts';
import type { JobCalls } from '../gateway/call-job.ts';
import { stepFunctionsExecutions } from '../operations/start-execution.ts';
import type { Executions } from '../operations/start-execution.ts';
import { tasksOn } from '../steps/tasks.ts';
import type { Tasks } from '../steps/tasks.ts';
import { openStores } from '../stores/stores.ts';
import type { Stores } from '../stores/stores.ts';
import { ownRegion, setting } from './environment.ts';

/** Opened once per sandbox of a function and shared by its invocations. */
export interface Platform {
  /** What is remembered: the table and the bucket. */
  readonly stores: Stores;
  /** Where the attempts of jobs run. */
  readonly tasks: Tasks;
  /** What carries operations out. */
  readonly executions: Executions;
  /** How running jobs are asked and told. */
  readonly jobs: JobCalls;
  readonly now: () => Date;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** A new ULID, above every one that this process has made before. */
  readonly newId: () => string;
}

let opened: Platform | undefined;

/** The platform of this function, opened at the first use. */
export function platform(): Platform {
  opened ??= opening();
  return opened;
}

function opening(): Platform {
  const stores = announcing(
    openStores({ table: setting('table'), bucket: setting('bucket'), region: ownRegion() }),
    invokeDelivery,
  );
  return {
    stores,
    tasks: tasksOn(stores.targets.all),
    executions: stepFunctionsExecutions,
    jobs: gatewayCalls,
    now: () => new Date(),
    pause,
    newId: idSequence(),
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** Ids of one millisecond must keep their order too: the event log is read by it. */
function idSequence(): () => string {
  let lastMs = 0;
  return () => {
    lastMs = Math.max(Date.now(), lastMs + 1);
    return ulid(lastMs, randomFillSync(new Uint8Array(16)));
  };
}
