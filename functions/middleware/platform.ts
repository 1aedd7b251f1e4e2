/** What every part of the control plane works with: stores, time and ids. */
import { randomFillSync } from 'node:crypto';
import { ulid } from '#contract/id.ts';
import { openStores } from '../stores/stores.ts';
import type { Stores } from '../stores/stores.ts';
import { setting } from './environment.ts';

/** Opened once per sandbox of a function and shared by its invocations. */
export interface Platform {
  readonly stores: Stores;
  readonly now: () => Date;
  /** A new ULID, above every one that this process has made before. */
  readonly newId: () => string;
}

let opened: Platform | undefined;

/** The platform of this function, opened at the first use. */
export function platform(): Platform {
  opened ??= {
    stores: openStores({ table: setting('table'), bucket: setting('bucket') }),
    now: () => new Date(),
    newId: idSequence(),
  };
  return opened;
}

/** Ids of one millisecond must keep their order too: the event log is read by it. */
function idSequence(): () => string {
  let lastMs = 0;
  return () => {
    lastMs = Math.max(Date.now(), lastMs + 1);
    return ulid(lastMs, randomFillSync(new Uint8Array(16)));
  };
}
